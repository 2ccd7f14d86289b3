import { errors } from './define'

export const customersErrors = errors({
  coordinate_zero: {
    status: 422,
    zh: '坐标为 0,0，通常是没有取到定位',
    en: 'The coordinates are 0,0: usually a position that was never taken',
    zhAction: '请在地图上重新选点',
    enAction: 'Pick the place on the map again',
  },
  coordinate_swapped: {
    status: 422,
    zh: '经度和纬度似乎写反了（纬度 {lat}，经度 {lng}）',
    en: 'Latitude and longitude seem to be swapped (lat {lat}, lng {lng})',
    zhAction: '请交换经纬度后再提交',
    enAction: 'Swap them and send again',
  },
  coordinate_range: {
    status: 422,
    zh: '坐标超出有效范围（纬度 {lat}，经度 {lng}）',
    en: 'The coordinates are out of range (lat {lat}, lng {lng})',
    zhAction: '请核对坐标和坐标系',
    enAction: 'Check the coordinates and their datum',
  },
  access_hours_overlap: {
    status: 422,
    zh: '进场时段重叠或结束早于开始（星期 {weekday}）',
    en: 'Access hours overlap or end before they start (weekday {weekday})',
    zhAction: '请调整该日的时段',
    enAction: 'Adjust the hours of that day',
  },
  belongs_elsewhere: {
    status: 422,
    zh: '所选{what}不属于该客户',
    en: 'The {what} chosen does not belong to this customer',
    zhAction: '请重新选择该客户名下的{what}',
    enAction: 'Choose one of this customer',
  },
  serial_taken: {
    status: 409,
    zh: '该客户已有序列号相同的设备',
    en: 'This customer already has an asset with that serial number',
    zhAction: '请核对序列号，或使用已有的设备',
    enAction: 'Check the serial number or use the existing asset',
  },
  contract_number_taken: {
    status: 409,
    zh: '合同编号已存在',
    en: 'The contract number exists already',
    zhAction: '请核对编号',
    enAction: 'Check the number',
  },
})

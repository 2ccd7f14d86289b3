// Where the story happens: streets with a point on or beside them, as the map providers in China give it (GCJ-02).
// Points are rounded to about 50 m; every address of the story lies within `RADIUS_M` of its street's point.

export { haversineM as distanceM } from '#geo'

import type { Rng } from './rng'

export type CityName = keyof typeof CITIES

export interface Street {
  city: CityName
  district: string
  street: string
  lat: number
  lng: number
}

/** [south, west, north, east] in GCJ-02: a box that the city's territory fills, to catch an address in the wrong city. */
type Box = readonly [number, number, number, number]

export const CITIES = {
  上海: { province: '上海市', full: '上海市', box: [30.67, 120.85, 31.88, 122.2] as Box },
  杭州: { province: '浙江省', full: '杭州市', box: [29.18, 118.34, 30.57, 120.73] as Box },
  宁波: { province: '浙江省', full: '宁波市', box: [28.85, 120.92, 30.55, 122.27] as Box },
  苏州: { province: '江苏省', full: '苏州市', box: [30.75, 119.9, 32.05, 121.34] as Box },
  南京: { province: '江苏省', full: '南京市', box: [31.23, 118.36, 32.62, 119.24] as Box },
  北京: { province: '北京市', full: '北京市', box: [39.44, 115.42, 41.06, 117.51] as Box },
  天津: { province: '天津市', full: '天津市', box: [38.55, 116.7, 40.25, 118.06] as Box },
  石家庄: { province: '河北省', full: '石家庄市', box: [37.45, 113.5, 38.77, 115.48] as Box },
  济南: { province: '山东省', full: '济南市', box: [36.02, 116.21, 37.54, 117.95] as Box },
  广州: { province: '广东省', full: '广州市', box: [22.5, 112.95, 23.94, 114.06] as Box },
  深圳: { province: '广东省', full: '深圳市', box: [22.44, 113.75, 22.87, 114.63] as Box },
  东莞: { province: '广东省', full: '东莞市', box: [22.65, 113.52, 23.15, 114.26] as Box },
  佛山: { province: '广东省', full: '佛山市', box: [22.64, 112.38, 23.58, 113.39] as Box },
  厦门: { province: '福建省', full: '厦门市', box: [24.42, 117.88, 24.91, 118.45] as Box },
} as const

const LINES = `
上海 浦东新区 祖冲之路 31.2030 121.5890
上海 浦东新区 张杨路 31.2300 121.5240
上海 浦东新区 新金桥路 31.2570 121.5990
上海 徐汇区 宜山路 31.1720 121.4020
上海 徐汇区 肇嘉浜路 31.1980 121.4510
上海 闵行区 莘松路 31.1130 121.3720
上海 闵行区 东川路 31.0250 121.4460
上海 静安区 共和新路 31.2700 121.4560
上海 静安区 南京西路 31.2290 121.4560
上海 杨浦区 淞沪路 31.3050 121.5150
上海 长宁区 天山路 31.2130 121.4030
上海 宝山区 友谊路 31.4050 121.4880
上海 松江区 人民北路 31.0350 121.2260
上海 嘉定区 博乐路 31.3830 121.2520
上海 普陀区 真北路 31.2420 121.3830
杭州 西湖区 文三路 30.2770 120.1280
杭州 滨江区 江南大道 30.2080 120.2100
杭州 余杭区 文一西路 30.2810 120.0120
杭州 上城区 富春路 30.2460 120.2130
杭州 拱墅区 莫干山路 30.3000 120.1260
杭州 萧山区 市心中路 30.1760 120.2690
杭州 临平区 迎宾路 30.4210 120.2990
宁波 鄞州区 四明中路 29.8170 121.5440
宁波 海曙区 中山西路 29.8730 121.5370
宁波 江北区 人民路 29.8880 121.5560
宁波 北仑区 明州路 29.9000 121.8440
苏州 姑苏区 干将东路 31.3060 120.6320
苏州 工业园区 星湖街 31.2950 120.7330
苏州 虎丘区 狮山路 31.2980 120.5620
苏州 吴中区 东吴北路 31.2690 120.6280
苏州 相城区 阳澄湖西路 31.3700 120.6400
苏州 昆山市 前进中路 31.3840 120.9550
南京 玄武区 珠江路 32.0510 118.7960
南京 鼓楼区 中山北路 32.0690 118.7700
南京 建邺区 江东中路 32.0050 118.7310
南京 江宁区 双龙大道 31.9500 118.8330
南京 浦口区 文德路 32.0560 118.6270
南京 栖霞区 仙林大道 32.1010 118.9200
北京 海淀区 中关村大街 39.9790 116.3160
北京 海淀区 信息路 40.0370 116.3100
北京 朝阳区 阜通东大街 39.9950 116.4780
北京 朝阳区 建国路 39.9080 116.4760
北京 丰台区 南四环西路 39.8250 116.2920
北京 大兴区 荣华中路 39.7950 116.5060
北京 昌平区 回龙观西大街 40.0770 116.3160
北京 通州区 新华大街 39.9070 116.6570
北京 石景山区 石景山路 39.9070 116.2200
天津 和平区 南京路 39.1190 117.1980
天津 南开区 鞍山西道 39.1130 117.1640
天津 河西区 友谊路 39.0870 117.2170
天津 滨海新区 第三大街 39.0340 117.7060
天津 西青区 柳口路 39.1400 117.0090
石家庄 长安区 中山东路 38.0450 114.5300
石家庄 裕华区 槐安东路 38.0210 114.5330
石家庄 桥西区 中华南大街 38.0200 114.4730
济南 历下区 经十路 36.6510 117.0760
济南 历下区 舜华路 36.6730 117.1290
济南 市中区 经四路 36.6560 116.9960
济南 历城区 花园路 36.6770 117.0730
济南 槐荫区 经十西路 36.6230 116.8900
广州 天河区 天河路 23.1330 113.3290
广州 天河区 科韵路 23.1270 113.3760
广州 越秀区 东风东路 23.1340 113.2890
广州 海珠区 新港中路 23.0970 113.3260
广州 番禺区 清河东路 22.9380 113.3810
广州 黄埔区 科学大道 23.1660 113.4520
广州 白云区 白云大道北 23.1950 113.2810
深圳 南山区 科苑路 22.5390 113.9460
深圳 福田区 深南大道 22.5410 114.0580
深圳 龙岗区 龙翔大道 22.7210 114.2470
深圳 宝安区 创业一路 22.5580 113.8850
深圳 龙华区 梅龙路 22.6230 114.0330
东莞 南城街道 鸿福路 23.0200 113.7480
东莞 松山湖 新城路 22.9200 113.8860
东莞 长安镇 德政中路 22.8080 113.8030
东莞 虎门镇 虎门大道 22.8160 113.6730
佛山 禅城区 季华五路 23.0090 113.1160
佛山 南海区 桂澜北路 23.0480 113.1500
佛山 顺德区 东乐路 22.8420 113.2620
厦门 思明区 湖滨南路 24.4740 118.0980
厦门 湖里区 湖里大道 24.5160 118.1000
厦门 集美区 杏林湾路 24.6060 118.0600
厦门 海沧区 沧虹路 24.4840 118.0340
`

export const STREETS: readonly Street[] = LINES.trim()
  .split('\n')
  .map((line) => {
    const [city, district, street, lat, lng] = line.split(' ') as [CityName, string, string, string, string]
    return { city, district, street, lat: Number(lat), lng: Number(lng) }
  })

/** No address lies farther than this from its street's point. */
export const RADIUS_M = 600

const EARTH_M = 6_371_008.8
const rad = (degrees: number) => (degrees * Math.PI) / 180

/** A point at most `withinM` metres away. */
export function near(rng: Rng, point: { lat: number; lng: number }, withinM: number): { lat: number; lng: number } {
  const r = withinM * Math.sqrt(rng.next())
  const angle = rng.next() * 2 * Math.PI
  return {
    lat: round(point.lat + ((r * Math.cos(angle)) / EARTH_M) * (180 / Math.PI)),
    lng: round(point.lng + ((r * Math.sin(angle)) / (EARTH_M * Math.cos(rad(point.lat)))) * (180 / Math.PI)),
  }
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

export const streetsOf = (city: CityName, district?: string): readonly Street[] =>
  STREETS.filter((s) => s.city === city && (!district || s.district === district))

/** 「浙江省杭州市滨江区江南大道388号」; a municipality is not said twice. */
export function addressOf(street: Street, number: string): string {
  const city = CITIES[street.city]
  const head = city.province === city.full ? city.full : city.province + city.full
  return `${head}${street.district}${street.street}${number}`
}

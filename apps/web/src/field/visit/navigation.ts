import { type Coordinate, type Datum, type KnownDatum, toDatum } from '#geo'

export type MapApp = 'amap' | 'baidu' | 'tencent' | 'apple'
type Place = { name: string; address: string; point: { lat: number; lng: number; datum: Datum } | null }

const at = (p: Coordinate & { datum: KnownDatum }, datum: KnownDatum) => {
  const to = toDatum(p, datum)
  return { lat: to.lat.toFixed(6), lng: to.lng.toFixed(6) }
}

/**
 * Where each map app is told to go, in its own datum: 高德, 腾讯 and Apple (whose maps of China come from 高德) read
 * GCJ-02, 百度 BD-09. A point of unknown datum would be off by half a kilometre: then the address is searched instead.
 */
export function navigationLinks(place: Place): Record<MapApp, string> {
  const q = encodeURIComponent(place.address || place.name)
  const name = encodeURIComponent(place.name)
  if (!place.point || place.point.datum === 'unknown')
    return {
      amap: `https://uri.amap.com/search?keyword=${q}&src=zhuchang&callnative=1`,
      baidu: `https://api.map.baidu.com/geocoder?address=${q}&output=html&src=zhuchang`,
      tencent: `https://apis.map.qq.com/uri/v1/search?keyword=${q}&referer=zhuchang`,
      apple: `https://maps.apple.com/?q=${q}`,
    }
  const point = place.point as Coordinate & { datum: KnownDatum }
  const gcj = at(point, 'gcj02')
  const bd = at(point, 'bd09')
  return {
    amap: `https://uri.amap.com/navigation?to=${gcj.lng},${gcj.lat},${name}&mode=car&coordinate=gaode&src=zhuchang&callnative=1`,
    baidu: `https://api.map.baidu.com/marker?location=${bd.lat},${bd.lng}&title=${name}&content=${q}&coord_type=bd09ll&output=html&src=zhuchang`,
    tencent: `https://apis.map.qq.com/uri/v1/routeplan?type=drive&to=${name}&tocoord=${gcj.lat},${gcj.lng}&referer=zhuchang`,
    apple: `https://maps.apple.com/?daddr=${gcj.lat},${gcj.lng}&q=${name}&dirflg=d`,
  }
}

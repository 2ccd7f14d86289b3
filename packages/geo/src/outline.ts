import outline from './china.geo.json' with { type: 'json' }

type Position = [lng: number, lat: number]

export interface OutlineFeature {
  type: 'Feature'
  properties: {
    kind: 'province' | 'islands' | 'dashes'
    /** Chinese short name: 四川, 台湾, 钓鱼岛, 南沙群岛 … */
    name: string
    adcode?: string
    /** Where to write the name. */
    label: Position
  }
  geometry:
    | { type: 'MultiPolygon'; coordinates: Position[][][] }
    | { type: 'MultiLineString'; coordinates: Position[][] }
}

/**
 * China as on the national standard map: provinces with Taiwan, Hong Kong and Macao, 钓鱼岛 and 赤尾屿, 南海诸岛 and the
 * dashed line. GeoJSON; a kilometre coarse, so for display only. See NOTICE for its source.
 */
export const chinaOutline = outline as unknown as { type: 'FeatureCollection'; features: OutlineFeature[] }

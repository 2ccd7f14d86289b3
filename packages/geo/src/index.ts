export { type City, cities } from './cities'
export {
  type Coordinate,
  checkCoordinate,
  coordinateFault,
  type Datum,
  inBounds,
  type KnownDatum,
  onChinaLand,
  readAs,
  toDatum,
} from './coordinate'
export {
  ASSUMED_ACCURACY_M,
  type DatumMix,
  type Distance,
  distanceM,
  type Geofence,
  geofence,
  haversineM,
  likelyDatumMix,
} from './distance'
export { GeoError, type GeoErrorCode } from './errors'
export { CITY_KMH, DETOUR, DOOR_MIN, type Travel, type TravelOptions, travelMin } from './travel'

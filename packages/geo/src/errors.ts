export type GeoErrorCode = 'coordinate_zero' | 'coordinate_range' | 'coordinate_swapped'

/** A code with params; the words are chosen at the edge. */
export class GeoError extends Error {
  override readonly name = 'GeoError'
  constructor(
    readonly code: GeoErrorCode,
    readonly params: Record<string, unknown>,
  ) {
    super(`${code} ${JSON.stringify(params)}`)
  }
}

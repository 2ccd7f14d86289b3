import type { Drafts } from '../drafts'
import type { Item } from '../types'

/** An item with who made it: what a prediction may know besides the rows. */
export type Acted = Item & {
  by: string
  byName: string
  /** The company's zone. */
  zone: string
  localDate: (at: number, zone: string) => string
}

/**
 * What an action does to the rows, as the server will do it. It must never throw: a row that is not here, or not in the
 * state that it was, is left as it is.
 */
export type Predict = (rows: Drafts, item: Acted) => void

/** When it happened: the device's clock, corrected by its skew. */
export const eventTime = (item: Pick<Item, 'atDevice' | 'skewMs'>): number => Date.parse(item.atDevice) - item.skewMs

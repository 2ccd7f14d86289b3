import { documentPredictions } from './document'
import { evidencePredictions } from './evidence'
import { officePredictions } from './office'
import type { Predict } from './predict'
import { requestPredictions } from './request'
import { visitPredictions } from './visit'
import { worksheetPredictions } from './worksheet'

export type { Acted, Predict } from './predict'

/** By command. What is not here changes nothing on the screen until the server has answered. */
export const predictions: Record<string, Predict> = {
  ...visitPredictions,
  ...documentPredictions,
  ...evidencePredictions,
  ...officePredictions,
  ...worksheetPredictions,
  ...requestPredictions,
}

import { prepare, UnfitPhoto, type Wanted } from './prepare'

addEventListener('message', (e: MessageEvent<{ n: number; file: Blob; wanted: Wanted }>) => {
  const { n, file, wanted } = e.data
  prepare(file, wanted).then(
    (prepared) => postMessage({ n, prepared }),
    (error: unknown) => postMessage({ n, why: error instanceof UnfitPhoto ? error.why : null, text: String(error) }),
  )
})

import { type Prepared, prepare, type Unfit, UnfitPhoto, type Wanted } from './prepare'

// Pictures are drawn beside the page, one at a time: two of 50 megapixels at once are too much for many a phone.

let queue: Promise<unknown> = Promise.resolve()
let worker: Worker | null | undefined
let count = 0

function workerOf(): Worker | null {
  if (worker !== undefined) return worker
  try {
    // Without a canvas of its own a worker cannot draw (Safari before 16.4).
    worker =
      typeof OffscreenCanvas === 'undefined'
        ? null
        : new Worker(new URL('./prepare.worker.ts', import.meta.url), { type: 'module' })
  } catch {
    worker = null
  }
  return worker
}

function inWorker(by: Worker, file: Blob, wanted: Wanted): Promise<Prepared> {
  const n = ++count
  return new Promise((done, fail) => {
    const stop = () => {
      by.removeEventListener('message', hear)
      by.removeEventListener('error', broken)
    }
    const hear = (e: MessageEvent<{ n: number; prepared?: Prepared; why?: Unfit | null; text?: string }>) => {
      if (e.data.n !== n) return
      stop()
      if (e.data.prepared) done(e.data.prepared)
      else fail(e.data.why ? new UnfitPhoto(e.data.why) : new Error(e.data.text))
    }
    const broken = () => {
      stop()
      worker = null
      fail(new Error('worker'))
    }
    by.addEventListener('message', hear)
    by.addEventListener('error', broken)
    by.postMessage({ n, file, wanted })
  })
}

/** Prepares a photo when its turn comes. Throws `UnfitPhoto`. */
export function prepared(file: Blob, wanted: Wanted): Promise<Prepared> {
  const work = async () => {
    const by = workerOf()
    if (!by) return prepare(file, wanted)
    try {
      return await inWorker(by, file, wanted)
    } catch (error) {
      // A worker that could not be loaded or has no canvas after all: the page does it.
      if (error instanceof UnfitPhoto) throw error
      return prepare(file, wanted)
    }
  }
  const turn = queue.then(work, work)
  queue = turn.catch(() => {})
  return turn
}

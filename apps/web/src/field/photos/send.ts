import type { DetailedError, Upload } from 'tus-js-client'

// Bytes to the server by tus 1.0.0. The upload bears the photo's own id: what the phone forgot, the server still knows.

/** A weak line loses at most this much work. */
const CHUNK = 512 * 1024

export interface Refusal {
  code: string
  title: string
  action?: string
}
/** `line`: no answer. `signed_out`: the person has to sign in again. `unknown`: the server has not heard of the photo. */
export class NotSent extends Error {
  constructor(
    readonly why: 'line' | 'signed_out' | 'unknown' | 'busy' | 'refused' | 'server' | 'stopped',
    readonly refusal?: Refusal,
  ) {
    super(why)
  }
}

function judged(error: Error | DetailedError): NotSent {
  const answer = 'originalResponse' in error ? error.originalResponse : null
  if (!answer) return new NotSent('line')
  const status = answer.getStatus()
  let problem: Partial<Refusal> = {}
  try {
    problem = JSON.parse(answer.getBody()) as Partial<Refusal>
  } catch {
    // A proxy's page, or no body at all: the status says enough.
  }
  if (status === 401) return new NotSent('signed_out')
  if (status === 404) return new NotSent('unknown')
  if (status === 409 || status === 423 || status === 429) return new NotSent('busy')
  if (status >= 500 || !problem.code) return new NotSent('server')
  return new NotSent('refused', {
    code: problem.code,
    title: problem.title ?? problem.code,
    ...(problem.action ? { action: problem.action } : {}),
  })
}

/**
 * Sends what the server does not have yet of a photo. Throws `NotSent`; `signal` stops it where it is. `fresh`: this page
 * took it and has not sent any of it.
 */
export async function send(
  id: string,
  blob: Blob,
  fresh: boolean,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const tus = await import('tus-js-client').catch(() => null)
  // The code itself has to come over the line once.
  if (!tus) throw new NotSent('line')
  if (signal.aborted) throw new NotSent('stopped')
  return new Promise((done, fail) => {
    const url = `/api/uploads/${id}`
    const upload: Upload = new tus.Upload(blob, {
      endpoint: url,
      // Asked for first: an earlier page, or the tab beside this one, may have sent some of it.
      uploadUrl: fresh ? null : url,
      chunkSize: CHUNK,
      retryDelays: [300, 1_000, 3_000],
      storeFingerprintForResuming: false,
      headers: { accept: 'application/json' },
      onProgress: (sent, total) => progress(total > 0 ? sent / total : 0),
      onSuccess: () => done(),
      onError: (error) => fail(judged(error)),
    })
    signal.addEventListener('abort', () => {
      void upload.abort().catch(() => {})
      fail(new NotSent('stopped'))
    })
    upload.start()
  })
}

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { IntakeOrder, type IntakeOrderShape } from '#contracts/intake.schema'

export type MappingFault =
  | 'mapping_invalid'
  | 'mapping_failed'
  | 'mapping_too_long'
  | 'mapping_shape'
  | 'payload_not_json'
export type Mapped =
  | { ok: true; order: IntakeOrderShape }
  | { ok: false; code: MappingFault; params: Record<string, unknown> }

// Its own start included, on a busy machine.
const limitMs = 3_000
const maxOutput = 256 * 1024
const jsonataPath = createRequire(import.meta.url).resolve('jsonata')

// Plain JavaScript, since it is given to a process of its own as text.
const program = `
let text = ''
process.stdin.setEncoding('utf8').on('data', (d) => { text += d }).on('end', async () => {
  const { jsonata, expression, input } = JSON.parse(text)
  const say = (m) => process.stdout.write(JSON.stringify(m))
  let read
  try {
    read = require(jsonata)(expression)
  } catch (e) {
    return say({ code: 'mapping_invalid', message: String(e.message), position: e.position })
  }
  if (input === null) return say({ out: 'null' })
  try {
    say({ out: JSON.stringify((await read.evaluate(JSON.parse(input))) ?? null) })
  } catch (e) {
    say({ code: 'mapping_failed', message: String(e.message).slice(0, 300), position: e.position })
  }
})`

type Answer = { out: string } | { code: MappingFault; message?: string; position?: number }

let lanes = 2
const waiting: (() => void)[] = []
async function lane<T>(work: () => Promise<T>): Promise<T> {
  if (lanes > 0) lanes -= 1
  else await new Promise<void>((go) => waiting.push(go))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else lanes += 1
  }
}

/**
 * Evaluates in a process that is ended after three seconds, with little memory: an endless recursion, a regular
 * expression that backtracks or a huge string costs its author an error and nobody else anything. (A thread would not
 * do: a huge string takes the whole process with it, whatever its limits say.)
 */
const evaluate = (expression: string, input: string | null): Promise<Answer> =>
  lane(
    () =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, ['--max-old-space-size=64', '-e', program], {
          env: {},
          stdio: ['pipe', 'pipe', 'ignore'],
        })
        let out = ''
        const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
        child.stdout.setEncoding('utf8').on('data', (d: string) => {
          out += d
          if (out.length > maxOutput) child.kill('SIGKILL')
        })
        child.on('error', (error) => {
          clearTimeout(timer)
          reject(error)
        })
        child.on('close', (exit) => {
          clearTimeout(timer)
          // Killed by the clock, by the output's limit, or by its own memory.
          resolve(exit === 0 && out !== '' ? (JSON.parse(out) as Answer) : { code: 'mapping_too_long' })
        })
        // It may be gone before it has read everything.
        child.stdin.on('error', () => {})
        child.stdin.end(JSON.stringify({ jsonata: jsonataPath, expression, input }))
      }),
  )

const faultOf = (a: Exclude<Answer, { out: string }>) => ({
  ok: false as const,
  code: a.code,
  params: {
    ...(a.message === undefined ? {} : { message: a.message }),
    ...(a.position === undefined ? {} : { position: a.position }),
  },
})

/** Whether the expression can be read at all; null if so. */
export async function checkMapping(expression: string): Promise<Exclude<Mapped, { ok: true }> | null> {
  const a = await evaluate(expression, null)
  return 'out' in a ? null : faultOf(a)
}

/** The payload as an order, or the reason why it is none. */
export async function mapPayload(expression: string, payload: string): Promise<Mapped> {
  try {
    JSON.parse(payload)
  } catch {
    return { ok: false, code: 'payload_not_json', params: {} }
  }
  const a = await evaluate(expression, payload)
  if (!('out' in a)) return faultOf(a)
  const parsed = IntakeOrder.safeParse(JSON.parse(a.out))
  if (parsed.success) return { ok: true, order: parsed.data }
  const issues = parsed.error.issues
    .slice(0, 20)
    .map((i) => ({ path: i.path.join('.') || '(root)', code: i.code === 'custom' ? i.message : i.code }))
  return { ok: false, code: 'mapping_shape', params: { fields: issues.map((i) => i.path).join(', '), issues } }
}

import { ApiError, asApiError, type Problem } from '../common/api/problem'
import { recallJson } from '../common/storage'
import { type BodyOf, type CommandName, offlineOf, type ReplyOf } from '../offline'

/** One action with its answer, for what cannot go on without it. Throws `ApiError` when it is refused. */
export async function act<C extends CommandName>(
  me: string,
  command: C,
  id: string,
  body: BodyOf<C>,
): Promise<ReplyOf<C>> {
  const known = recallJson<{ id: string; name: string; zone: string }>('zc.me')
  const offline = await offlineOf(known?.id === me ? known : { id: me, name: '', zone: 'Asia/Shanghai' })
  const { commandId } = await offline.act(command, id, body)
  const outcome = await offline.outcomeOf(commandId)
  if (outcome.state === 'refused' && outcome.problem) throw new ApiError(outcome.problem as Problem)
  if (outcome.state === 'waiting' || outcome.state === 'sending') throw asApiError(new Error('network'))
  return outcome.reply as ReplyOf<C>
}

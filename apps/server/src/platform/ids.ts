import { v5, v7 } from 'uuid'

/** UUIDv7. The timestamp inside is never used for order. */
export const newId = (): string => v7()

// Any constant namespace will do: it only keeps our derived ids apart from other people's.
const namespace = '6f1c6f7e-8f0b-4c43-9d0e-2f6f5a1b7c11'

/** The same parts always give the same id: a reaction to an event is one command, however often its job runs. */
export const derivedId = (...parts: string[]): string => v5(parts.join('\u001f'), namespace)

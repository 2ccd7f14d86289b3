import type { App } from '../src/platform/app'

/** Puts the demo company into an empty database. */
export async function seedDemo(_app: App, _say: (line: string) => void): Promise<void> {}

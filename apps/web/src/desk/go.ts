let navigate: ((path: string) => void) | undefined

/** The router says how; it knows the scenes, so no scene may import it. */
export const bindGo = (how: (path: string) => void) => {
  navigate = how
}

/** Goes to a page of the desk from outside React (commands of the palette). */
export function go(path: string): void {
  navigate?.(path)
}

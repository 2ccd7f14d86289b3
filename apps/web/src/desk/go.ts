/** Goes to a page of the desk from outside React (commands of the palette). The router knows the scenes, so a scene may not import it up front. */
export async function go(path: string): Promise<void> {
  const { router } = await import('./router')
  router.history.push(path)
}

import { type StoryCompany, tellCompany } from './company'
import { type StoryCustomers, tellCustomers } from './customers'
import { type StoryHistory, tellHistory } from './history'
import { type StoryPeople, tellPeople } from './people'
import { type StoryProjects, tellProjects } from './projects'
import { dateOf } from './time'
import { type StoryToday, tellToday } from './today'

export * from './company'
export * from './customers'
export * from './history'
export * from './people'
export * from './places'
export * from './projects'
export * from './today'
export type { Beat } from './work'

export interface Story {
  company: StoryCompany
  people: StoryPeople
  customers: StoryCustomers
  projects: StoryProjects
  history: StoryHistory
  today: StoryToday
}

/** The whole story of the demo company at `now` (epoch milliseconds): the same for the same seed and now. */
export function tellStory(seed: string, now: number): Story {
  const company = tellCompany(seed, now)
  const people = tellPeople(seed, now, company)
  const customers = tellCustomers(seed, now, company)
  const projects = tellProjects(seed, now, company, people, customers)
  const history = tellHistory({ seed, now, today: dateOf(now), company, people, customers, projects })
  return { company, people, customers, projects, history, today: tellToday(now, history) }
}

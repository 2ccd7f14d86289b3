import { z } from 'zod'
import { chinaCalendar, officeWeek, type WorkCalendar } from '#calendar'
import { setting } from '../../platform/settings'

export const companySetting = setting(
  'company',
  z.object({ name: z.string(), shortName: z.string(), phone: z.string(), zone: z.string() }),
  {
    name: '驻场',
    shortName: '驻场',
    phone: '',
    zone: 'Asia/Shanghai',
  },
)

const calendars = new Map<string, WorkCalendar>()

/** The company's working calendar: one object a zone, since working-time results are cached by identity. */
export function companyCalendar(zone: string): WorkCalendar {
  let calendar = calendars.get(zone)
  if (!calendar) {
    calendar = chinaCalendar({ id: `cn:${zone}`, zone, week: officeWeek, version: 1 })
    calendars.set(zone, calendar)
  }
  return calendar
}

import { z } from 'zod'
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

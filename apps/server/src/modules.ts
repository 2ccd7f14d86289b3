import { intake } from './connectors/crm'
import { dingtalk } from './connectors/dingtalk'
import { feishu } from './connectors/feishu'
import { mail } from './connectors/mail'
import { webPush } from './connectors/webpush'
import { wecom } from './connectors/wecom'
import { customers } from './modules/customers'
import { dispatch } from './modules/dispatch'
import { documents } from './modules/documents'
import { engineers } from './modules/engineers'
import { links } from './modules/links'
import { metrics } from './modules/metrics'
import { noticesOver } from './modules/notices'
import { office } from './modules/office'
import { people } from './modules/people'
import { projects } from './modules/projects'
import { requestsModule } from './modules/requests'
import { surveys } from './modules/surveys'
import { sync } from './modules/sync'
import { threads } from './modules/threads'
import { visits } from './modules/visits'
import { workorders } from './modules/workorders'
import { worksheets } from './modules/worksheets'
import type { Module } from './platform/app'

/** The rooms in import order: each may call only those before it. */
export const modules: Module[] = [
  people,
  noticesOver({ push: webPush, email: mail, dingtalk, feishu, wecom }),
  threads,
  customers,
  projects,
  documents,
  workorders,
  engineers,
  worksheets,
  visits,
  sync,
  dispatch,
  requestsModule,
  surveys,
  links,
  office,
  metrics,
  intake,
]

import { QueryClientProvider } from '@tanstack/react-query'
import { App, Button, ConfigProvider, DatePicker, Form, Input, Select } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { Building2, ClipboardList, Plus, Send, UserCheck } from 'lucide-react'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { FOLLOWUP_STATES, ORDER_STATES, VISIT_STATES } from '#lifecycle'
import { Avatar, PersonChip } from '../common/Avatar'
import { ApiError } from '../common/api/problem'
import { makeQueryClient } from '../common/api/query'
import { Chart, Sparkline } from '../common/Chart'
import { CommandPalette, usePaletteKey } from '../common/CommandPalette'
import { useConfirm } from '../common/Confirm'
import { type Column, DataList, type Sort } from '../common/DataList'
import { FilterBar, type View } from '../common/FilterBar'
import { Gantt } from '../common/Gantt'
import { setLanguage, useLanguage } from '../common/i18n/language'
import { KpiNumber } from '../common/KpiNumber'
import { ListDetail } from '../common/ListDetail'
import { MapView } from '../common/map/Map'
import { Facts, PageHeader, Section } from '../common/PageHeader'
import { SlaClock, SlaRing, type SlaView } from '../common/Sla'
import { StateTag, Tag } from '../common/StateTag'
import { Empty, ErrorState, Loading } from '../common/states'
import { ThreadView } from '../common/ThreadView'
import { TimelineFeed } from '../common/TimelineFeed'
import '../common/theme/base.css'
import { setTheme, useTheme } from '../common/theme/theme'
import { DragBoard, DragCard } from '../common/timeline/drop'
import { Timeline, type TimelineBar } from '../common/timeline/Timeline'
import { Toasts, toast } from '../common/toast'
import { deskTheme } from '../desk/theme'
import '../field/field.css'
import { ActionBar, FieldBar } from '../field/shell/Shell'
import { timelineOf } from './data'

// Every component in one place, for eyes and for axe: `npx vite -c apps/web/vite.config.ts`, /showcase.html?theme=dark&lang=en-US.

const address = new URLSearchParams(location.search)
if (address.get('theme')) setTheme(address.get('theme') as 'light' | 'dark')
if (address.get('lang')) setLanguage(address.get('lang') as 'zh-CN' | 'en-US')

const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000).toISOString()
const sla = (elapsedMin: number, state: SlaView['state'] = 'running'): SlaView => ({
  state,
  elapsedMin,
  targetMin: 240,
  asOf: new Date().toISOString(),
  dueAt: minutesAgo(elapsedMin - 240),
})

type Order = {
  id: string
  number: string
  customer: string
  state: (typeof ORDER_STATES)[number]
  engineer: string
  minutes: number
}
const CUSTOMERS = [
  '上海星海医院',
  '杭州云栖数据中心',
  '苏州工业园区第一人民医院信息科与后勤保障部联合机房项目办公室',
  '南京明基',
  '宁波港',
  '合肥科大讯飞总部',
]
const ORDERS: Order[] = Array.from({ length: 2000 }, (_, i) => ({
  id: `o${i}`,
  number: `WO-20261123-${String(i + 1).padStart(4, '0')}`,
  customer: CUSTOMERS[i % CUSTOMERS.length] as string,
  state: ORDER_STATES[Math.floor(i / 4) % ORDER_STATES.length] as Order['state'],
  engineer: ['张伟', '李娜', '欧阳建国', 'Anna Li'][i % 4] as string,
  minutes: (i * 37) % 300,
}))

function Block({ id, title, height, children }: { id: string; title: string; height?: number; children: ReactNode }) {
  return (
    <section id={id} style={{ margin: '0 0 32px' }}>
      <h2 style={{ fontSize: 16, margin: '0 0 8px' }}>{title}</h2>
      <div
        style={{
          height,
          border: height ? '1px solid var(--line)' : undefined,
          borderRadius: 8,
          overflow: height ? 'hidden' : undefined,
        }}
      >
        {children}
      </div>
    </section>
  )
}

function Lists() {
  const [view, setView] = useState<View>({})
  const [open, setOpen] = useState<string | null>('o3')
  const [sort, setSort] = useState<Sort>({ key: 'number', dir: 'desc' })
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['o1', 'o2']))
  const columns: Column<Order>[] = [
    { key: 'number', title: '编号', width: '170px', render: (o) => o.number, sortable: true },
    { key: 'customer', title: '客户', width: 'minmax(140px, 1fr)', render: (o) => o.customer },
    { key: 'state', title: '状态', width: '110px', render: (o) => <StateTag kind="order" state={o.state} quiet /> },
    { key: 'sla', title: '时限', width: '40px', render: (o) => <SlaRing sla={sla(o.minutes)} /> },
    {
      key: 'engineer',
      title: '工程师',
      width: '120px',
      render: (o) => <PersonChip id={o.engineer} name={o.engineer} />,
      optional: true,
    },
  ]
  const rows = useMemo(
    () => (view.state?.length ? ORDERS.filter((o) => view.state?.includes(o.state)) : ORDERS),
    [view],
  )
  const current = ORDERS.find((o) => o.id === open)
  return (
    <div style={{ display: 'flex', flexDirection: 'column', height: '100%' }}>
      <FilterBar
        id="showcase"
        view={view}
        onChange={setView}
        presets={[{ name: '待派工', view: { state: ['unassigned'] } }]}
        filters={[
          {
            key: 'state',
            label: '状态',
            options: ORDER_STATES.map((s) => ({
              value: s,
              label: s,
              count: ORDERS.filter((o) => o.state === s).length,
            })),
          },
          { key: 'team', label: '团队', options: [{ value: 'east', label: '华东' }] },
        ]}
      />
      <div style={{ flex: 1, minHeight: 0 }}>
        <ListDetail
          id="showcase"
          onClose={() => setOpen(null)}
          list={
            <DataList
              id="showcase-orders"
              label="工单"
              rows={rows}
              rowKey={(o) => o.id}
              columns={columns}
              openId={open}
              onOpen={(o) => setOpen(o.id)}
              groupBy={(o) => ({ key: o.state, label: <StateTag kind="order" state={o.state} quiet /> })}
              sort={sort}
              onSort={setSort}
              selected={selected}
              onSelect={setSelected}
              bulk={(ids) => (
                <button
                  type="button"
                  className="zc-btn"
                  onClick={() => toast(`已指派 ${ids.size} 条`, { undo: () => toast('已撤销') })}
                >
                  批量指派
                </button>
              )}
              updates={{ n: 3, show: () => {} }}
            />
          }
          detail={
            current && (
              <>
                <PageHeader
                  level={2}
                  number={current.number}
                  title={current.customer}
                  meta={
                    <>
                      <StateTag kind="order" state={current.state} />
                      <SlaClock sla={sla(200)} name="到场" />
                      <PersonChip id="z" name="张伟" note="华东一组" />
                    </>
                  }
                  actions={<Button type="primary">指派工程师</Button>}
                />
                <Section title="约定" count={3}>
                  <Facts
                    rows={[
                      ['客户', current.customer],
                      ['时间窗', '今天 14:00–16:00'],
                      ['预计时长', '2 小时 15 分'],
                      ['合同', '—'],
                    ]}
                  />
                </Section>
                <Section title="经过">
                  <TimelineFeed
                    label="经过"
                    events={[
                      {
                        id: '1',
                        at: minutesAgo(20),
                        actor: { id: 'z', name: '张伟' },
                        text: '接单',
                        icon: UserCheck,
                        meaning: 'teal',
                        offline: true,
                        arrivedAt: new Date(Date.now() - 60_000).toISOString(),
                      },
                      {
                        id: '2',
                        at: minutesAgo(64),
                        actor: null,
                        text: '按规则下发给 张伟',
                        icon: Send,
                        meaning: 'violet',
                      },
                      {
                        id: '3',
                        at: minutesAgo(1500),
                        actor: { id: 'w', name: '王芳' },
                        text: '受理工单',
                        icon: ClipboardList,
                        meaning: 'blue',
                        reason: '客户要求今天下午到场',
                      },
                    ]}
                  />
                </Section>
              </>
            )
          }
        />
      </div>
    </div>
  )
}

function TimelineDemo({ rowCount, barCount, height }: { rowCount: number; barCount: number; height: number }) {
  const made = useMemo(() => timelineOf(rowCount, barCount), [rowCount, barCount])
  const [bars, setBars] = useState(made.bars)
  const [selected, setSelected] = useState<string | null>(null)
  return (
    <div style={{ height }}>
      <Timeline
        label="派工时间轴"
        rows={made.rows}
        bars={bars}
        absences={made.absences}
        from={made.from}
        to={made.to}
        startAt={made.from + 8 * 3_600_000}
        selectedId={selected}
        onSelect={(bar) => setSelected(bar.id)}
        onMove={({ bar, rowId, start, end }) => {
          setBars((all) =>
            all.map((b): TimelineBar => (b.id === bar.id ? { ...b, rowId, start, end, engine: false } : b)),
          )
          toast(`${bar.title} 已移动`, { undo: () => setBars(bars) })
        }}
      />
    </div>
  )
}

function Everything() {
  const { theme } = useTheme()
  const language = useLanguage()
  const antdTheme = useMemo(() => deskTheme(theme), [theme])
  const { confirm, dialog } = useConfirm()
  const [palette, setPalette] = usePaletteKey()
  const [mapId, setMapId] = useState<string | null>('p1')
  const people = useCallback(
    async (q: string) =>
      [
        { id: 'z', name: '张伟' },
        { id: 'l', name: '李娜' },
      ].filter((p) => p.name.includes(q)),
    [],
  )
  return (
    <ConfigProvider
      locale={language === 'zh-CN' ? zhCN : enUS}
      theme={antdTheme}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      <App component={false}>
        <main style={{ padding: 24, maxWidth: 1392, margin: '0 auto' }}>
          <h1 style={{ fontSize: 28, marginBottom: 16 }}>组件陈列</h1>
          <Block id="tags" title="状态">
            <p style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginBottom: 8 }}>
              {ORDER_STATES.map((s) => (
                <StateTag key={s} kind="order" state={s} />
              ))}
            </p>
            <p style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginBottom: 8 }}>
              {VISIT_STATES.map((s) => (
                <StateTag key={s} kind="visit" state={s} />
              ))}
            </p>
            <p style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
              {FOLLOWUP_STATES.map((s) => (
                <StateTag key={s} kind="followup" state={s} />
              ))}
              {(['good', 'watch', 'risk', 'unknown'] as const).map((s) => (
                <StateTag key={s} kind="health" state={s} />
              ))}
              <Tag meaning="violet" icon={Building2}>
                引擎排定
              </Tag>
            </p>
          </Block>
          <Block id="sla" title="时限与人">
            <p style={{ display: 'flex', flexWrap: 'wrap', gap: 20, alignItems: 'center' }}>
              <SlaClock sla={sla(60)} name="响应" />
              <SlaClock sla={sla(200)} name="到场" />
              <SlaClock sla={sla(262, 'breached')} name="解决" />
              <SlaClock sla={sla(100, 'paused')} />
              <SlaClock sla={sla(100, 'met')} />
              {['张伟', '欧阳建国', 'Anna Li', '李娜', '买买提·艾力'].map((name) => (
                <PersonChip key={name} id={name} name={name} note="工程师" />
              ))}
              <Avatar id="x" name="王芳" size={40} />
            </p>
          </Block>
          <Block id="buttons" title="按钮与表单">
            <p style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginBottom: 12 }}>
              <button type="button" className="zc-btn primary">
                出发去 星海医院
              </button>
              <button type="button" className="zc-btn">
                改派
              </button>
              <button
                type="button"
                className="zc-btn danger"
                onClick={() =>
                  confirm({
                    title: '取消工单 WO-20261123-0042？',
                    consequence: '已通知的工程师和客户会收到取消消息，占用的时间会释放。取消后不能恢复。',
                    confirm: '取消工单',
                    keep: '保留工单',
                    danger: true,
                  }).then((yes) => yes && toast('工单已取消'))
                }
              >
                取消工单
              </button>
              <button
                type="button"
                className="zc-btn quiet"
                onClick={() => toast('已指派给 张伟', { undo: () => toast('已撤销') })}
              >
                提示与撤销
              </button>
              <button type="button" className="zc-btn primary" disabled>
                不可用
              </button>
              <Button type="primary" icon={<Plus className="zc-icon" size={16} />}>
                新建工单
              </Button>
              <Button>次要</Button>
              <Button danger>删除</Button>
              <button type="button" className="zc-btn" onClick={() => setPalette(true)}>
                <kbd>Ctrl K</kbd> 命令
              </button>
            </p>
            <Form
              layout="vertical"
              style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(180px, 1fr))', gap: 12 }}
            >
              <Form.Item label="客户" htmlFor="s1">
                <Input id="s1" placeholder="客户名称" />
              </Form.Item>
              <Form.Item label="优先级" htmlFor="s2">
                <Select id="s2" defaultValue="p1" options={[{ value: 'p1', label: '紧急' }]} />
              </Form.Item>
              <Form.Item label="日期" htmlFor="s3">
                <DatePicker id="s3" style={{ width: '100%' }} />
              </Form.Item>
            </Form>
          </Block>
          <Block id="list" title="列表与详情" height={520}>
            <Lists />
          </Block>
          <Block id="timeline" title="派工时间轴" height={460}>
            <DragBoard
              onDrop={(card, slot) => toast(`${card} → ${slot.rowId}`)}
              overlay={(id) => <div className="zc-btn">{id}</div>}
            >
              <div style={{ display: 'flex', gap: 8, padding: 6 }}>
                <DragCard id="待派工单 A" lengthMin={90}>
                  <div className="zc-btn">拖到时间轴</div>
                </DragCard>
              </div>
              <TimelineDemo rowCount={40} barCount={180} height={410} />
            </DragBoard>
          </Block>
          <Block id="gantt" title="甘特图">
            <Gantt
              label="项目计划"
              today="2026-11-23"
              isWorkingDay={(date) => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay())}
              rows={[
                {
                  id: '1',
                  name: '立项',
                  plannedStart: '2026-10-12',
                  plannedEnd: '2026-10-16',
                  actualStart: '2026-10-12',
                  actualEnd: '2026-10-16',
                },
                {
                  id: '2',
                  name: '需求调研',
                  plannedStart: '2026-10-19',
                  plannedEnd: '2026-10-30',
                  actualStart: '2026-10-19',
                  actualEnd: '2026-11-04',
                },
                {
                  id: '3',
                  name: '部署',
                  plannedStart: '2026-11-02',
                  plannedEnd: '2026-11-18',
                  actualStart: '2026-11-05',
                },
                { id: '4', name: '培训', plannedStart: '2026-11-19', plannedEnd: '2026-12-02' },
                { id: '5', name: '验收', plannedStart: '2026-12-11', plannedEnd: '2026-12-11', milestone: true },
              ]}
            />
          </Block>
          <Block id="numbers" title="数字与图">
            <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))', gap: 12 }}>
              <KpiNumber
                kpi={{
                  name: '工单完成率',
                  value: '94 %',
                  n: 312,
                  definition: '本期到期且期末前完成 ÷ 本期到期',
                  exclusions: [['到期时因客户原因挂起', 7]],
                  asOf: minutesAgo(4),
                  change: { by: '2.1 %', better: true },
                  beside: '及时 88 %',
                }}
                drill={
                  <a href="#list" style={{ fontSize: 13 }}>
                    查看这 312 条
                  </a>
                }
              />
              <KpiNumber
                kpi={{ name: '平均响应时长', value: '2 小时 15 分', n: 7, definition: '…', asOf: minutesAgo(4) }}
              />
              <KpiNumber kpi={{ name: '客户好评率', value: null, n: 0, definition: '…', asOf: minutesAgo(4) }}>
                <Sparkline label="计划与实际" values={[1, 3, 4, 4, 6]} against={[1, 2, 4, 6, 8]} />
              </KpiNumber>
              <Chart
                label="完成率"
                height={180}
                table={{
                  head: ['周', '完成率'],
                  rows: [
                    ['第 45 周', 91],
                    ['第 46 周', 94],
                  ],
                }}
                option={chartOption}
              />
            </div>
          </Block>
          <Block id="map" title="地图" height={420}>
            <MapView
              label="今天的派工"
              selectedId={mapId}
              onSelect={setMapId}
              points={[
                { id: 's1', kind: 'site', lat: 31.23, lng: 121.47, label: '星海医院', meaning: 'teal' },
                {
                  id: 's2',
                  kind: 'site',
                  lat: 30.27,
                  lng: 120.15,
                  label: '云栖数据中心',
                  meaning: 'red',
                  note: '已超时',
                },
                { id: 's3', kind: 'site', lat: 32.06, lng: 118.79, label: '南京明基', meaning: 'blue' },
                { id: 'p1', kind: 'person', lat: 31.3, lng: 120.62, label: '张伟', meaning: 'teal' },
              ]}
              lines={[
                {
                  id: 'p1',
                  path: [
                    [120.62, 31.3],
                    [121.47, 31.23],
                  ],
                  meaning: 'teal',
                },
              ]}
            />
          </Block>
          <Block id="thread" title="沟通" height={420}>
            <ThreadView
              draftKey="showcase"
              people={people}
              onSend={async () => {
                throw new Error('没有连上服务器')
              }}
              reads={[{ person: { id: 'l', name: '李娜' }, readAt: minutesAgo(0) }]}
              messages={[
                {
                  id: '1',
                  author: { id: 'w', name: '王芳' },
                  body: '客户说机房 14:00 之后才开门，@张伟 到了先联系王工 13800138000',
                  mentions: [{ id: 'z', name: '张伟' }],
                  photos: [],
                  writtenAt: minutesAgo(70),
                  mine: false,
                },
                {
                  id: '2',
                  author: { id: 'z', name: '张伟' },
                  body: '收到，13:50 到。',
                  mentions: [],
                  photos: [],
                  writtenAt: minutesAgo(60),
                  mine: true,
                },
                {
                  id: '3',
                  author: { id: 'z', name: '张伟' },
                  body: '<b>不会被当作代码</b> https://example.com/a',
                  mentions: [],
                  photos: [],
                  writtenAt: minutesAgo(59),
                  mine: true,
                },
              ]}
            />
          </Block>
          <Block id="states" title="空、加载、出错">
            <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))', gap: 12 }}>
              <Empty
                title="今天还没有待派的工单"
                action={
                  <button type="button" className="zc-btn primary">
                    新建工单
                  </button>
                }
              >
                客户报修或合同任务到期后，会出现在这里等你派工。
              </Empty>
              <Loading shape="rows" lines={6} />
              <ErrorState
                error={
                  new ApiError({
                    code: 'busy_retry',
                    status: 503,
                    title: '系统正忙，这次没有改动任何数据',
                    action: '请重试，重复提交不会重复执行',
                    requestId: 'a1b2c3',
                  })
                }
                onRetry={() => {}}
              />
            </div>
          </Block>
          <Block id="field" title="手机">
            <div
              data-face="field"
              style={{ maxWidth: 390, border: '1px solid var(--line)', borderRadius: 12, overflow: 'hidden' }}
            >
              <div className="zc-field bare" style={{ minHeight: 380, fontSize: 'var(--t-m)' }}>
                <FieldBar title="星海医院 设备部署" back="/m" />
                <section className="zc-card">
                  <StateTag kind="visit" state="taken" />
                  <p style={{ fontSize: 'var(--t-l)', fontWeight: 600 }}>今天 14:00–16:00</p>
                  <p style={{ color: 'var(--text-2)' }}>浦东新区张江路 88 号 3 号楼</p>
                </section>
                <ActionBar>
                  <button type="button" className="zc-btn primary">
                    出发去 星海医院
                  </button>
                  <button type="button" className="zc-btn">
                    更多
                  </button>
                </ActionBar>
              </div>
            </div>
          </Block>
        </main>
        {dialog}
        <CommandPalette
          open={palette}
          onClose={() => setPalette(false)}
          commands={[
            { id: '1', label: '新建工单', group: '操作', run: () => {} },
            { id: '2', label: '工单', group: '前往', run: () => {} },
          ]}
        />
        <Toasts />
      </App>
    </ConfigProvider>
  )
}

function chartOption(c: Record<string, string>) {
  return {
    xAxis: { type: 'category' as const, data: ['44', '45', '46', '47'] },
    yAxis: { type: 'value' as const, min: 80 },
    series: [{ type: 'line' as const, name: '完成率', data: [92, 91, 94, 95], itemStyle: { color: c.teal } }],
  }
}

const bench = address.get('bench')?.split('x').map(Number)
createRoot(document.getElementById('root') as HTMLElement).render(
  <QueryClientProvider client={makeQueryClient()}>
    {bench ? (
      <TimelineDemo rowCount={bench[0] as number} barCount={bench[1] as number} height={window.innerHeight} />
    ) : (
      <Everything />
    )}
  </QueryClientProvider>,
)

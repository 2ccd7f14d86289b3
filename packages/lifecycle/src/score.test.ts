import { describe, expect, it } from 'vitest'
import { followUpDue, isGood, needsFollowUp, surveyScore, surveyWeight } from './score'

describe('the survey score', () => {
  it.each<[string, Parameters<typeof surveyScore>[0], number | null]>([
    ['five of five', [{ rating: 5 }], 100],
    ['one of five is 20, not 0', [{ rating: 1 }], 20],
    ['plain mean', [{ rating: 5 }, { rating: 2 }], 70],
    [
      'weighted mean',
      [
        { rating: 5, weight: 3 },
        { rating: 1, weight: 1 },
      ],
      80,
    ],
    ['an unanswered question does not count', [{ rating: 4 }, { rating: null }], 80],
    ['nothing answered', [{ rating: null }], null],
    ['no rating there is', [{ rating: 0 }, { rating: 6 }], null],
    ['a weight of nothing', [{ rating: 5, weight: 0 }], null],
    ['one decimal', [{ rating: 5 }, { rating: 4 }, { rating: 4 }], 86.7],
  ])('S1 %s', (_, ratings, score) => {
    expect(surveyScore(ratings)).toBe(score)
  })

  it.each([
    [69.9, true, false],
    [70, false, false],
    [79.9, false, false],
    [80, false, true],
    [null, false, false],
  ])('S2 %s: follow-up %s, good %s', (score, followUp, good) => {
    expect(needsFollowUp(score)).toBe(followUp)
    expect(isGood(score)).toBe(good)
  })

  it('S3 counts in full for the lead and half for a member', () => {
    expect([surveyWeight('lead'), surveyWeight('member')]).toEqual([1, 0.5])
  })

  it('S4 wants contact within 24 hours and a plan within 3 working days', () => {
    const day = 86_400_000
    expect(followUpDue(0, (from, days) => from + (days + 2) * day)).toEqual({ contactDueAt: day, planDueAt: 5 * day })
  })
})

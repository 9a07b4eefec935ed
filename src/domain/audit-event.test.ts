import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds } from '../lib/clock.ts';
import { keptText } from '../server/audit/parameters.ts';
import { logText } from '../server/log.ts';
import { eventDraft, serviceEvent } from './audit-event.ts';

test('the time of a record is that of its event, whatever the one before said', () => {
  for (const nowMs of [1_000, 1_999, 2_000, 1_500, 0, 86_400_000, 86_400_000, 999]) {
    const { members } = eventDraft(
      serviceEvent({ principal: 'kindred:test', requestId: 'R', nowMs }, 'Tested', {}),
    );
    assert.equal(JSON.parse(members).eventTime, formatSeconds(nowMs));
  }
});

test('a text that is kept as it is is one that the log would keep as it is', () => {
  const texts = [
    '',
    'plain ~',
    'x'.repeat(256),
    'x'.repeat(257),
    'a\u007fb',
    'a\nb',
    'ü',
    '\ud800',
  ];
  for (const text of [...texts, 'a\u202eb', 'end\n'])
    assert.equal(keptText(text), logText(text).toWellFormed(), JSON.stringify(text));
});

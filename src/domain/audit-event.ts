// What a record of the audit trail says, in the field names of ActionTrail's events, so that what reads
// those reads these. Who makes an event caps and redacts what a caller chose (server/audit); what the
// installation does by itself, with no call that asked for it, records itself here.
import type { AuditDraft } from './audit.ts';
import type { Actor, Tx } from './tx.ts';
import { formatSeconds } from '../lib/clock.ts';

/** Type → what of it, each once, in the order of their first sight. */
export type Resources = Record<string, string[]>;

/** Of more resources only the first are kept. */
export const MOST_RESOURCES = 50;

/** Who made a call. `arn` is empty when nobody has proven who he is. */
export interface Who {
  arn: string;
  accountId: string;
  accessKeyId: string;
}

/** What is known of an event, whichever door it came through. */
export interface Event {
  timeMs: number;
  requestId: string;
  /** `ApiCall` from outside, `ServiceEvent` of this installation itself. */
  eventType: 'ApiCall' | 'ServiceEvent';
  eventName: string;
  /** `Read` stands only for calls that were refused. */
  eventRW: 'Write' | 'Read';
  serviceName: string;
  apiVersion?: string;
  who: Who;
  regionId?: string;
  sourceIpAddress?: string;
  userAgent?: string;
  /** Host that the client called. */
  eventSource?: string;
  requestParameters?: Record<string, string>;
  resources?: Resources;
  errorCode?: string;
  errorMessage?: string;
  additionalEventData?: Record<string, unknown>;
}

/** What is not known is not said: members of undefined are left out. */
export const eventDraft = (event: Event): AuditDraft => {
  const { who, resources = {} } = event;
  return {
    timeMs: event.timeMs,
    accountId: who.accountId,
    principal: who.arn,
    eventName: event.eventName,
    requestId: event.requestId,
    resources: Object.values(resources).flat(),
    members: JSON.stringify({
      eventId: event.requestId,
      eventVersion: '1',
      eventTime: secondsOf(event.timeMs),
      eventType: event.eventType,
      eventCategory: 'Management',
      eventRW: event.eventRW,
      eventName: event.eventName,
      eventSource: event.eventSource,
      serviceName: event.serviceName,
      apiVersion: event.apiVersion,
      requestId: event.requestId,
      sourceIpAddress: event.sourceIpAddress,
      userAgent: event.userAgent,
      userIdentity: identityOf(who),
      recipientAccountId: who.accountId || undefined,
      acsRegion: event.regionId,
      requestParameters: event.requestParameters,
      referencedResources: Object.keys(resources).length > 0 ? resources : undefined,
      errorCode: event.errorCode,
      errorMessage: event.errorMessage,
      additionalEventData: event.additionalEventData,
    }),
  };
};

let lastSecond = { second: NaN, text: '' };

/** Records come many a second: the text of the last second is kept. */
const secondsOf = (ms: number): string => {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond.second) lastSecond = { second, text: formatSeconds(second * 1000) };
  return lastSecond.text;
};

const TYPES: Readonly<Record<string, string>> = {
  root: 'root-account',
  user: 'ram-user',
  role: 'assumed-role',
  'assumed-role': 'assumed-role',
};

/** By the tail of the ARN: `root`, `user/<name>`, `assumed-role/<role>/<session>`. */
const identityOf = ({ arn, accountId, accessKeyId }: Who): Record<string, string | undefined> => {
  const tail = /^acs:ram::\d*:(.*)$/.exec(arn)?.[1];
  const [kind = '', ...name] = tail?.split('/') ?? [];
  const isSystem = arn.startsWith('kindred:');
  return {
    type: isSystem ? 'system' : (TYPES[kind] ?? 'unknown'),
    principalId: arn || undefined,
    accountId: accountId || undefined,
    accessKeyId: accessKeyId || undefined,
    userName: name.length > 0 ? name.join('/') : undefined,
  };
};

/** An event of the installation itself. */
export const serviceEvent = (
  { principal, requestId, nowMs }: Actor,
  eventName: string,
  additionalEventData: Record<string, unknown>,
): Event => ({
  timeMs: nowMs,
  requestId,
  eventType: 'ServiceEvent',
  eventName,
  eventRW: 'Write',
  serviceName: 'Kindred',
  who: { arn: principal, accountId: '', accessKeyId: '' },
  additionalEventData,
});

/**
 * Records what the installation does by itself to what users see: the actor of the transaction is who did
 * it, and of `resources` as many are named as a record may name.
 */
export const recordService = (
  tx: Pick<Tx, 'actor' | 'record'>,
  eventName: string,
  facts: Record<string, unknown>,
  resources: Resources = {},
): void => {
  const named = Object.entries(resources).map(([type, names]): [string, string[]] => [
    type,
    names.slice(0, MOST_RESOURCES),
  ]);
  const event = serviceEvent(tx.actor, eventName, facts);
  tx.record(eventDraft({ ...event, resources: Object.fromEntries(named) }));
};

// Whether someone who is not root may do what a request asks: reads what is attached to the user or the
// role, and decides on every thing that the request names. The one place that all doors ask. Root of an
// account is not asked: it may do everything in it.
import type { Principal } from '../principal.ts';
import type { Caller } from '../account.ts';
import { circumstancesOf, type Circumstances } from './circumstances.ts';
import { parsePolicy, type Policy } from './document.ts';
import { evaluate, type Decision } from './evaluate.ts';
import { factsOf, type Facts, type Viewpoint } from './facts.ts';
import { mentionsOf } from './mentions.ts';
import { SYSTEM_POLICIES } from './system-policies.ts';
import { arnOf, isImage, type AskedThing } from './thing.ts';
import type { ValueOf } from './conditions.ts';

export interface Ask extends Circumstances {
  /** `ecs:DescribeImages` */
  action: string;
  /** Every one must be allowed; never empty. */
  things: readonly AskedThing[];
  /** Whether `…/*` are things that are made (and not listed): of these the request says all there is. */
  makes: boolean;
  /** Tags that the request gives, for what it makes or lists. */
  requestTags: ReadonlyMap<string, string>;
}

export interface Denial extends Decision {
  action: string;
  /** The ARN of the thing, as far as the request itself named it. */
  resource: string;
}

type Limited = Exclude<Principal, { kind: 'root' }>;
type Asker = Pick<Caller, 'accountId'> & { principal: Limited };

/** The first thing that the caller may not, or undefined. */
export const denialOf = async (
  view: Viewpoint & { caller: Asker },
  ask: Ask,
): Promise<Denial | undefined> => {
  const { accountId, principal } = view.caller;
  const policies = await policiesOf(view);
  const session = readSession(principal);
  const mentions = mentionsOf(session === undefined ? policies : [...policies, session]);
  const circumstances = circumstancesOf(ask, view.nowMs);
  for (const thing of ask.things) {
    const facts = await factsOf(view, thing, mentions);
    const arn = (resource: string) =>
      arnOf(ask.action, { regionId: thing.regionId ?? '', accountId, resource });
    const known = withRequest(ask, thing, facts);
    const names = [arn(thing.resource)];
    if (isImage(thing.resource) && known.imageFamily)
      names.push(arn(`imagefamily/${known.imageFamily}`));
    const request = {
      action: ask.action,
      resources: names,
      valueOf: valuesOf(known, ask, !ask.makes && thing.resource.endsWith('/*'), circumstances),
    };
    const decision = evaluate(policies, request, session);
    if (decision.effect === 'Allow') continue;
    // Which kind of denial it is would tell what the rows say, and so whether there is a row.
    const effect = mentions.family || mentions.tags ? 'ImplicitDeny' : decision.effect;
    return { ...decision, effect, action: ask.action, resource: names[0]! };
  }
  return undefined;
};

/** A text that cannot be read allows nothing: of a policy that was meant to deny, all the others neither. */
const NOTHING: Policy = {
  statements: [
    {
      effect: 'Deny',
      actions: { isNegated: false, patterns: ['*'] },
      resources: { isNegated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};

/** Texts whose reading is kept; more empties it. What a text says never changes. */
const MAX_READ = 500;
const readings = new Map<string, Policy>();

const read = (text: string | undefined): Policy => {
  if (text === undefined) return NOTHING;
  const known = readings.get(text);
  if (known !== undefined) return known;
  const parsed = parsePolicy(text);
  const policy = parsed.ok ? parsed.value : NOTHING;
  if (readings.size >= MAX_READ) readings.clear();
  readings.set(text, policy);
  return policy;
};

const policiesOf = async ({ tx, caller }: Viewpoint & { caller: Asker }): Promise<Policy[]> => {
  const attached = await tx.policiesOf(caller.accountId, caller.principal);
  return attached.map(({ policyType, policyName, policyDocument }) =>
    read(
      policyType === 'System' ? SYSTEM_POLICIES.get(policyName)?.policyDocument : policyDocument,
    ),
  );
};

const readSession = (principal: Limited): Policy | undefined =>
  principal.kind === 'role' && principal.sessionPolicy !== undefined
    ? read(principal.sessionPolicy)
    : undefined;

/** Of what is made the request says all there is to know. */
const withRequest = (
  { makes, requestTags }: Ask,
  { resource, isNewest }: AskedThing,
  { imageFamily, tags }: Facts,
): Facts => {
  const isMade = makes && resource.endsWith('/*') && isNewest !== true;
  if (!isMade || tags !== undefined) return { imageFamily, tags };
  const given = [...requestTags].map(([tagKey, tagValue]) => ({ tagKey, tagValue }));
  return { imageFamily: imageFamily ?? null, tags: given };
};

const TAG = /^(ecs:tag|acs:resourcetag|acs:requesttag)\/(.+)$/su;

const valuesOf =
  (facts: Facts, ask: Ask, isList: boolean, circumstances: ReadonlyMap<string, string>): ValueOf =>
  (key) => {
    if (key === 'ecs:imagefamily') return facts.imageFamily;
    const [, kind, tagKey = ''] = TAG.exec(key) ?? [];
    if (kind === 'acs:requesttag') return ask.requestTags.get(tagKey) ?? null;
    if (kind === undefined) return circumstances.get(key);
    if (facts.tags !== undefined)
      return facts.tags.find((tag) => tag.tagKey === tagKey)?.tagValue ?? null;
    // A list that the request narrows to a tag shows nothing without it; of other tags nothing is known.
    return isList ? ask.requestTags.get(tagKey) : undefined;
  };

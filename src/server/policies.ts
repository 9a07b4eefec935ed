// What policies say to a call of somebody who is not root. Loaded at the first such call: most servers of
// tests have root keys alone.
import type { Caller } from '../domain/account.ts';
import { denialOf, type Ask, type Denial } from '../domain/policy/permit.ts';
import type { Principal } from '../domain/principal.ts';
import type { ReadTx } from '../domain/tx.ts';
import { ApiError } from '../errors.ts';
import type { Product } from '../operation.ts';
import { askOf } from './ask.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';

/** What asks the policies of the caller, in any snapshot. */
export const permitFor = (
  { operation, input, request, caller, nowMs }: Exchange,
  { settings }: House,
): ((tx: ReadTx) => Promise<void>) => {
  const ask = askOf(operation!, input!, request, settings.regions);
  return async (tx) => {
    const denial = await denialFor(tx, caller!, ask, { ...settings, nowMs });
    if (denial !== undefined) throw forbidden(operation!.product, caller!, denial);
  };
};

/** For every door: why the caller may not, or undefined. */
export const denialFor = async (
  tx: ReadTx,
  caller: Caller,
  ask: Ask,
  view: Pick<House['settings'], 'catalogue' | 'familyLookup'> & { nowMs: number },
): Promise<Denial | undefined> => {
  const { accountId, principal } = caller;
  if (principal.kind === 'root') return undefined;
  const { catalogue, familyLookup, nowMs } = view;
  return denialOf({ tx, caller: { accountId, principal }, catalogue, familyLookup, nowMs }, ask);
};

/** The products whose denials have ECS's code. */
const LIKE_ECS: ReadonlySet<Product> = new Set(['ecs', 'vpc']);

const forbidden = (product: Product, caller: Caller, denial: Denial): ApiError =>
  new ApiError(LIKE_ECS.has(product) ? 'Forbidden.RAM' : 'NoPermission', {
    detail: { AccessDeniedDetail: detailOf(caller, denial) },
  });

/** As the vendor's; every member is text. */
export const detailOf = ({ accountId, principal }: Caller, denial: Denial) => ({
  PolicyType: denial.from === 'session' ? 'SessionPolicy' : 'AccountLevelIdentityBasedPolicy',
  AuthPrincipalOwnerId: accountId,
  AuthPrincipalType: principal.kind === 'role' ? 'AssumedRoleUser' : 'SubUser',
  AuthPrincipalDisplayName: displayName(principal),
  NoPermissionType: denial.effect,
  AuthAction: denial.action,
  // The vendor's is sealed; there is nothing in this one that the caller did not say.
  EncodedDiagnosticMessage: Buffer.from(
    JSON.stringify({ AuthAction: denial.action, AuthResource: denial.resource }),
  ).toString('base64'),
});

const displayName = (principal: Principal): string => {
  if (principal.kind === 'role') return `${principal.roleName}:${principal.sessionName}`;
  return principal.kind === 'user' ? principal.userId : '';
};

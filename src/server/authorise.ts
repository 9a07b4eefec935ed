// May they. Root of an account may do everything in it, and nothing is read for that; users and roles may
// what their policies allow. The right is asked for in the snapshot that the handler reads from; of a
// write it is asked once more before, so that what is refused never reaches the queue of writes.
import type { Caller } from '../domain/account.ts';
import { denialOf, type Ask, type Denial } from '../domain/policy/permit.ts';
import { principalArn, type Principal } from '../domain/principal.ts';
import type { ReadTx } from '../domain/tx.ts';
import { ApiError } from '../errors.ts';
import type { Product } from '../operation.ts';
import { askOf } from './ask.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';

export const authorise = (exchange: Exchange, house: House): void | Promise<void> => {
  const { accountId, accessKeyId, isOperator, principal } = exchange.credentials!;
  const operation = exchange.operation!;
  const { access } = operation;
  const arn = principalArn(accountId, principal);
  exchange.caller = { accountId, principal, arn, accessKeyId, isOperator };
  if (access.operatorOnly && !isOperator) throw new ApiError('NoPermission');
  if (principal.kind === 'root' || access.everybody) return;
  if (access.rootOnly)
    throw new ApiError('NoPermission', {
      message: 'Only a root key of the account may do this, whatever policies allow.',
    });
  const ask = askOf(operation, exchange.input!, exchange.request, house.settings.regions);
  const { caller, nowMs } = exchange;
  exchange.permit = async (tx) => {
    const denial = await denialFor(tx, caller, ask, { ...house.settings, nowMs });
    if (denial !== undefined) throw forbidden(operation.product, caller, denial);
  };
  return operation.kind === 'read' ? undefined : house.store.read(exchange.permit);
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

import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';
import { classOf } from './throttle.ts';

/** Before the signature: while an account is beyond its rate, its calls cost next to nothing. */
export const refuseFlood = ({ credentials, operation }: Exchange, { throttle }: House): void =>
  throttle.look(credentials!.accountId, classOf(operation!));

/** After the signature and the nonce: only a call that is the account's own counts. */
export const countCall = ({ credentials, operation }: Exchange, { throttle }: House): void =>
  throttle.take(credentials!.accountId, classOf(operation!));

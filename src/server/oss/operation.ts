// What an operation of the object door is, and what it works with.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Caller } from '../../domain/account.ts';
import type { OssRequest } from '../../wire/oss-request.ts';
import type { House } from '../house.ts';
import type { Objects } from './objects.ts';
import type { Permit } from './permit.ts';

export interface OssContext {
  house: House;
  objects: Objects;
  request: OssRequest;
  /** The body; an operation that takes none leaves it unread. */
  incoming: IncomingMessage;
  caller: Caller;
  /** For what an operation touches beside the object that its request names. */
  permit: Permit;
  requestId: string;
  /** For the record: what it changes beside the object that its request names. */
  noteObjects(keys: readonly string[]): void;
}

export interface OssAnswer {
  status: number;
  headers?: Readonly<Record<string, string | number>>;
  /** Text is XML. */
  body?: string | Readable;
}

export interface OssOperation {
  name: string;
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  target: 'service' | 'bucket' | 'object';
  /** Parameter that chooses it among the operations of its method and target. */
  selector?: string;
  /** Header that chooses it. */
  header?: string;
  /** Further parameters that it reads. */
  parameters: readonly string[];
  /** Parameters and headers that are taken and change nothing, and why. */
  withoutEffect?: string;
  /** The bucket must not be there, or may be another's (only PutBucket). */
  makesBucket?: boolean;
  run(context: OssContext): Promise<OssAnswer>;
}

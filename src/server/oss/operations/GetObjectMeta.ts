import type { OssOperation } from '../operation.ts';
import { sendObject } from './shared/send-object.ts';

/** The same, with less of it. */
export const GetObjectMeta: OssOperation = {
  name: 'GetObjectMeta',
  method: 'HEAD',
  target: 'object',
  selector: 'objectMeta',
  parameters: [],
  run: (context) => sendObject(context),
};

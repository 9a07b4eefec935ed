import { renderXml } from '../../../wire/render-xml.ts';
import type { OssOperation } from '../operation.ts';
import { ownerOf } from './shared/bucket-view.ts';

export const GetBucketAcl: OssOperation = {
  name: 'GetBucketAcl',
  method: 'GET',
  target: 'bucket',
  selector: 'acl',
  parameters: [],
  async run(context) {
    const members = { Owner: ownerOf(context), AccessControlList: { Grant: 'private' } };
    return { status: 200, body: renderXml('AccessControlPolicy', members) };
  },
};

// The policies that every account has without making them. The first three are the vendor's, by name
// and text; the others are for the three people of an image's life: who boots from it, who brings it in,
// and who decides that a family names it. Whoever has only one of the last two cannot do it all alone.

export interface SystemPolicy {
  policyName: string;
  description: string;
  /** The document as it is shown and evaluated. */
  policyDocument: string;
}

const statement = (Action: string | readonly string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...(Condition && { Condition }),
});

const policy = (
  policyName: string,
  description: string,
  ...Statement: ReturnType<typeof statement>[]
): SystemPolicy => ({
  policyName,
  description,
  policyDocument: JSON.stringify({ Version: '1', Statement }),
});

/** Looks at images and families, and reads their bytes. */
const READ = statement([
  'ecs:DescribeImageFromFamily',
  'ecs:DescribeImages',
  'ecs:DescribeImageSupportInstanceTypes',
  'ecs:DescribeRegions',
  'ecs:DescribeZones',
  'kindred:DescribeImage*',
]);

/** What names a family is a decision, and not theirs who bring the bytes. */
const NO_FAMILY = { StringNotLike: { 'ecs:ImageFamily': '*' } };

/** By name, in the order in which they are listed. */
export const SYSTEM_POLICIES: ReadonlyMap<string, SystemPolicy> = new Map(
  [
    policy('AdministratorAccess', 'Everything in the account.', statement('*')),
    policy(
      'AliyunECSFullAccess',
      'Everything of ECS.',
      statement('ecs:*'),
      statement(['vpc:DescribeVpcs', 'vpc:DescribeVSwitches']),
    ),
    policy(
      'AliyunECSReadOnlyAccess',
      'Looks at everything of ECS.',
      statement('ecs:Describe*'),
      statement('ecs:List*'),
      statement(['vpc:DescribeVpcs', 'vpc:DescribeVSwitches']),
    ),
    policy(
      'KindredImageReaderAccess',
      'Asks which image a family names, looks at images and reads their bytes.',
      READ,
    ),
    policy(
      'KindredImagePublisherAccess',
      'Brings images in, copies, tags and signs them; cannot put one into a family.',
      READ,
      statement(['ecs:CreateImage', 'ecs:ImportImage', 'ecs:CopyImage'], NO_FAMILY),
      statement([
        'ecs:ExportImage',
        'ecs:CancelCopyImage',
        'ecs:CancelTask',
        'ecs:DescribeTask*',
        'ecs:DescribeSnapshots',
        'ecs:TagResources',
        'ecs:UntagResources',
        'ecs:ListTagResources',
        'kindred:CreateUpload',
        'kindred:DeleteUpload',
        'kindred:DescribeUploads',
        'kindred:PutImageSignature',
        'oss:GetObject*',
        'oss:PutObject',
        'oss:ListObjects',
        'oss:ListParts',
        'oss:AbortMultipartUpload',
      ]),
    ),
    policy(
      'KindredImageApproverAccess',
      'Puts images into families and takes them out, deprecates, shares and deletes them, opens families; cannot bring bytes in.',
      READ,
      statement([
        'ecs:ModifyImageAttribute',
        'ecs:ModifyImageSharePermission',
        'ecs:DescribeImageSharePermission',
        'ecs:DeleteImage',
        'ecs:TagResources',
        'ecs:UntagResources',
        'ecs:ListTagResources',
        'kindred:ModifyImageFamilyAccess',
        'kindred:PruneImageFamily',
        'kindred:*FamilyReadToken*',
        'kindred:PutImageSignature',
        'kindred:DeleteImageSignature',
      ]),
    ),
  ].map((one) => [one.policyName, one]),
);

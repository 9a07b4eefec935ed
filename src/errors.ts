// The catalogue of errors: code → default HTTP status and message. It is data; an operation may
// answer a code with another status (the vendor's tables differ per operation) or a fuller message.
// `{P}` stands for the name of the parameter at fault. A message never names another error code:
// some clients search messages for codes. Every code here is raised by some test.

type Row = readonly [status: number, message: string];

const mandatory = (parameter: string): Row => [400, `${parameter} is mandatory for this action.`];
const notValid = (parameter: string): Row => [
  400,
  `Specified parameter ${parameter} is not valid.`,
];

const badChars = (parameter: string): Row => [
  400,
  `The parameter - "${parameter}" contains invalid chars.`,
];
const badLength = (parameter: string): Row => [
  400,
  `The parameter - "${parameter}" beyond the length limit.`,
];
const badFormat = (parameter: string): Row => [
  400,
  `The format of the parameter - "${parameter}" is incorrect.`,
];

const emptyCommand = (name: string): Row => [400, `The command ${name} has no argument.`];
const badCommand = (name: string): Row => [
  400,
  `The argument of the command ${name} is not valid.`,
];

export const catalogue = {
  // The gateway: before any operation is chosen.
  MissingAction: mandatory('Action'),
  MissingVersion: mandatory('Version'),
  MissingAccessKeyId: mandatory('AccessKeyId'),
  MissingSignature: mandatory('Signature'),
  MissingSignatureMethod: mandatory('SignatureMethod'),
  MissingSignatureVersion: mandatory('SignatureVersion'),
  MissingSignatureNonce: mandatory('SignatureNonce'),
  MissingTimestamp: mandatory('Timestamp'),
  MissingSecurityToken: mandatory('SecurityToken'),
  InvalidVersion: notValid('Version'),
  'InvalidParameter.Format': [400, 'Specified parameter format is not valid.'],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidAction.NotSupported': [
    404,
    'The API exists but is not served here. docs/reference/coverage.md lists what is, and the limits.',
  ],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAccessKeyId.Inactive': [400, 'Specified access key is disabled.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  SignatureDoesNotMatch: [400, 'Specified signature is not matched with our calculation.'],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  InvalidSignatureMethod: [400, 'Specified signature method is not valid.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'InvalidSecurityToken.Expired': [400, 'Specified SecurityToken is expired.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [
    400,
    'Specified SecurityToken mismatch with the AccessKey.',
  ],
  'UnsupportedSignature.BearerToken': [
    400,
    'Bearer tokens are not served here; sign the request with an AccessKey pair.',
  ],
  'UnsupportedSignature.Rsa': [
    400,
    'RSA key pairs are not served here; sign the request with an AccessKey pair.',
  ],
  UnsupportedHTTPMethod: [400, 'This http method is not supported.'],
  'UnsupportedContent.Encoding': [415, 'Compressed request bodies are not supported.'],
  'RequestTooLarge.Body': [413, 'The request body is larger than the limit of 1 MiB.'],
  'RequestTooLarge.Parameters': [400, 'The request has more than 1000 parameters.'],
  'InvalidProtocol.Malformed': [400, 'The HTTP request is malformed: {P}.'],
  'Throttling.User': [400, 'Request was denied due to user flow control.'],
  NoPermission: [403, 'You are not authorized to do this action.'],
  'Forbidden.RAM': [
    403,
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
  ],
  DryRunOperation: [400, 'Request validation has been passed with DryRun flag set.'],
  InternalError: [500, 'The request processing has failed due to some unknown error.'],
  ServiceUnavailable: [503, 'The request has failed due to a temporary failure of the server.'],

  // Parameters, for any operation.
  MissingRegionId: mandatory('RegionId'),
  MissingImageFamily: mandatory('ImageFamily'),
  MissingImageId: mandatory('ImageId'),
  MissingParameter: [
    400,
    'The input parameter "{P}" that is mandatory for processing this request is not supplied.',
  ],
  InvalidParameter: [400, 'The specified parameter "{P}" is not valid.'],
  IdempotentParameterMismatch: [400, 'The ClientToken was used before with other parameters.'],
  'InvalidClientToken.Malformed': [
    400,
    'ClientToken is longer than 64 characters or has a character outside ASCII.',
  ],
  'InvalidRegionId.NotFound': [404, 'The specified RegionId does not exist.'],

  // Images and families.
  'InvalidImageFamily.Malformed': [400, 'The image family name breaks the naming rules.'],
  'InvalidImageId.NotFound': [404, 'The specified ImageId does not exist.'],

  // Images: list, make, import, change, delete.
  InvalidParamter: [400, 'Specified parameter {P} is not valid.'],
  'InvalidImageOwnerAlias.ValueNotSupported': [
    400,
    'ImageOwnerAlias must be system, self, others or marketplace.',
  ],
  'InvalidImageOwnerAlias.PublicImageUnsupported': [
    400,
    'IsPublic can be true only with ImageOwnerAlias others.',
  ],
  'InvalidOperation.ImageOwnerIdUnsupported': [
    400,
    'ImageOwnerId can be given only with ImageOwnerAlias others.',
  ],
  'InvalidInstanceType.ValueNotSupported': [400, 'InstanceType is not the name of a type.'],
  'InvalidFilterKey.NotFound': [404, '{P} is not the key of a filter.'],
  InvalidFilterValue: [404, '{P} is not a value that its filter takes.'],
  'InvalidFilterValue.NetworkType': [400, 'The filter NetworkType takes vpc or classic.'],
  'InvalidTag.Mismatch': [400, '{P} is missing: a tag value needs its key.'],
  InvalidTagCount: [400, 'More than 20 tags are given.'],
  InvalidUsage: [404, 'Usage is not an allowed value.'],
  InvalidOSType: [404, 'OSType must be windows or linux.'],
  InvalidArchitecture: [404, 'Architecture must be i386, x86_64 or arm64.'],
  'OperationDenied.CommunityImage': [400, 'A published image of another account cannot be copied.'],
  'OperationDenied.SameRegionOnly': [403, 'A shared image can be copied within its region only.'],
  'SourceRegion.NotFound': [400, 'The specified RegionId does not exist.'],
  'DestinationRegion.NotFound': [400, 'The specified DestinationRegionId does not exist.'],
  ImageCreatedNotFromCopy: [400, 'The image was not made by a copy.'],
  'OperationDenied.ImageCopying': [403, 'The image is being copied; wait, or cancel the copy.'],
  'InvalidParameter.EncryptedIllegal': [
    400,
    'Nothing is encrypted here: leave KMSKeyId and EncryptAlgorithm out, and Encrypted out or false.',
  ],
  'InvalidImageName.Malformed': [400, 'The image name breaks the naming rules.'],
  'InvalidImageName.Duplicated': [
    400,
    'Another image of the account in this region has this name already.',
  ],
  'InvalidDescription.Malformed': [
    400,
    'The description must have 2 to 256 characters and must not start with http:// or https://.',
  ],
  'InvalidImageVersion.Malformed': [
    400,
    'The image version must have 1 to 40 printable ASCII characters.',
  ],
  'InvalidPlatform.Malformed': [
    400,
    'Platform is not in the list of platforms or contradicts OSType.',
  ],
  'InvalidArchitecture.Malformed': [400, 'Architecture must be i386, x86_64 or arm64.'],
  'InvalidArchitecture.PlatformUnsupported': [403, 'There is no Windows for arm64 here.'],
  'InvalidOSType.Malformed': [400, 'OSType must be windows or linux.'],
  'InvalidBootMode.Malformed': [400, 'BootMode must be BIOS or UEFI.'],
  'InvalidBootMode.NotSupport': [
    400,
    'The boot mode does not exist or does not fit the architecture or secure boot of the image.',
  ],
  'InvalidLicenseType.NotSupported': [400, 'LicenseType is not one that this action takes.'],
  'InvalidParameter.FeaturesImdsSupport': [400, 'Features.ImdsSupport must be v1 or v2.'],
  'InvalidParameter.DetectionStrategy': [400, 'DetectionStrategy must be Standard.'],
  'InvalidParameter.Malformed': [403, 'Specified parameter {P} is not well formed.'],
  'InvalidResourceGroup.NotFound': [404, 'The specified ResourceGroupId does not exist.'],
  'Duplicate.TagKey': [400, '{P} repeats a tag key.'],
  'TagKey.Duplication': [403, '{P} repeats a tag key; the case of letters does not count.'],
  'InvalidTagKey.Malformed': [400, '{P} breaks the rules of tag keys.'],
  'InvalidTagValue.Malformed': [400, '{P} breaks the rules of tag values.'],
  'QuotaExceed.Tags': [403, 'A resource carries at most 20 tags.'],
  'QuotaExceed.Image': [403, 'The quota of images of the account in this region is used up.'],
  'ImageQuotaExceed.ImageFamily': [400, 'The quota of images in the family is used up.'],
  'ImageQuotaFull.ImageFamily': [400, 'The quota of images in the family is used up.'],
  ImageFamilyQuotaExceed: [400, 'The quota of families in this region is used up.'],
  ImageFamilyQuotaFull: [400, 'The quota of families in this region is used up.'],
  IdempotenceParamNotMatch: [400, 'The ClientToken was used before with other parameters.'],
  'InvalidInstanceId.NotFound': [404, 'The specified InstanceId does not exist.'],
  'InvalidResourceGroup.Duplicate': [403, 'The resource is in the group already.'],
  'InvalidParameter.ResourceGroup.Name': [400, 'The name of the resource group is not valid.'],
  'InvalidParameter.ResourceGroup.DisplayName': [
    400,
    'The display name of the resource group is not valid.',
  ],
  'EntityNotExist.ResourceGroup': [404, 'The resource group does not exist.'],
  'EntityAlreadyExists.ResourceGroup': [409, 'The resource group already exists.'],
  'LimitExceeded.ResourceGroup': [409, 'The account has as many resource groups as it may have.'],
  'DeleteConflict.ResourceGroup.Resource': [409, 'Resources are in the group.'],
  'InvalidRetentionDays.Malformed': [400, 'RetentionDays is not from 1 to 65536.'],
  'InvalidSnapshotId.NotFound': [404, 'The snapshot of {P} does not exist.'],
  'InvalidSnapshotId.NotReady': [403, 'The snapshot of {P} is not finished or has failed.'],
  'InvalidSystemSnapshot.Missing': [403, 'No disk with the snapshot of a system disk is given.'],
  OperationDenied: [400, 'More than one system disk is given.'],
  'InvalidDevice.Malformed': [
    400,
    '{P} must be /dev/xvda for the system disk and /dev/xvdb to /dev/xvdz for data disks.',
  ],
  'InvalidDevice.InUse': [400, '{P} is given to two disks.'],
  'InvalidDiskType.ValueNotSupported': [400, 'DiskType must be system or data.'],
  'InvalidSize.ValueNotSupported': [
    400,
    '{P} is out of range (5 to 32768 GiB) or below the size of the snapshot.',
  ],
  'MissingParameter.DiskDeviceMapping': [403, 'No disk is given in DiskDeviceMapping.'],
  'InvalidOSS.NotAuthorized': [
    403,
    'The server has no right to read the object of {P}: its file or a folder above it is closed to the user that Kindred runs as.',
  ],
  'InvalidOSSBucket.Malformed': [400, 'OSSBucket breaks the naming rules of buckets.'],
  'InvalidOSSBucket.NotFound': [400, 'The bucket of {P} does not exist.'],
  'InvalidOSSBucket.NotMatched': [400, 'The bucket of {P} is in another region.'],
  'InvalidOSSPrefix.Malformed': [400, 'OSSPrefix must be 1 to 30 letters and digits.'],
  'InvalidOSSObject.Malformed': [400, '{P} is not an object name.'],
  'InvalidOSSObject.NotFound': [400, 'The object of {P} does not exist in its bucket.'],
  'InvalidOSSObject.Size': [400, 'The object of {P} is empty or larger than a disk may be.'],
  'UnsupportedSuffix.OSSObject': [
    400,
    'The name in {P} must end in .qcow2, .raw, .vhd or .vmdk, or have no ending and a Format.',
  ],
  'InvalidImageFormat.Malformed': [400, 'Format must be RAW, VHD, QCOW2 or VMDK.'],
  'InvalidImageFormat.RegionNotSupported': [
    400,
    'Nothing is converted: an image is exported in the format in which its disks are kept.',
  ],
  'InvalidImage.DiskAmountOrSize': [
    400,
    'The image has more than 4 data disks, or one of more than 500 GiB.',
  ],
  InvalidImageSize: [400, 'The size of the system disk must be 1 to 2048 GiB.'],
  InvalidDataDiskSize: [400, 'The size of a data disk must be 1 to 2048 GiB.'],
  ImportImageFailed: [403, 'The account has too many unfinished tasks; wait until some end.'],
  'InvalidOperation.CloudBoxImageImportUnsupported': [
    403,
    'There is no CloudBox here; leave StorageLocationArn out.',
  ],
  'ImageStatus.NotAvailable': [403, 'Only an image that is Available can be deprecated.'],
  'ImageStatus.NotDeprecated': [403, 'Only an image that is Deprecated can be restored.'],
  'InvalidStatus.ImageIsCreating': [403, 'The image is still being made.'],
  'InvalidOperation.FeaturesImdsSupportNotMatch': [
    403,
    'Features.ImdsSupport cannot go back from v2 to v1.',
  ],
  ImageIsCreating: [403, 'The image is still being made.'],
  ImageIsImporting: [403, 'The image is still being imported; cancel its task instead.'],
  ImageUseShared: [403, 'The image is shared with other accounts; take the shares back first.'],
  ImageIsExporting: [403, 'The image is being exported; wait for the task or cancel it.'],
  ImageNotSupported: [403, 'An image of this kind cannot be exported.'],
  'ConcurrentQuotaExceed.ExportImage': [
    403,
    'The account has too many unfinished tasks; wait until some end.',
  ],
  CancelTaskFailed: [403, 'The files of the export are being put in their places just now.'],
  ImageIsPublic: [403, 'The image is published; unpublish it first.'],
  ImageUsingByInstance: [403, 'Instances use the image; Force deletes it all the same.'],
  'OperationDeined.ImageUsingByInstance': [
    403,
    'The boot mode cannot be changed while instances use the image.',
  ],
  'OperationDenied.InvalidImageStatus': [
    403,
    'A deprecated image cannot be shared, and only an available image can be published.',
  ],
  'OperationDeined.FullImage': [403, 'An image with data disks cannot be published.'],
  'Image.Public': [403, 'A published image is open to every account and cannot be shared.'],
  'QuotaExceed.ShareImageUser': [403, 'The image is shared with as many accounts as it may be.'],
  'InvalidAccount.NotFound': [404, 'The account to share with does not exist.'],
  'InvalidAccount.Forbbiden': [404, 'An image cannot be shared with its own account.'],
  'InvalidParameter.LaunchPermission': [400, 'LaunchPermission takes the group all, or nothing.'],
  'UnnecessaryParameter.LaunchPermission': [
    400,
    'LaunchPermission and IsPublic say the same; give one of them.',
  ],
  IncorrectImageStatus: [400, 'The status of the image does not permit this action.'],

  // Instances and disks.
  ImageNotSupportInstanceType: [403, 'The image is not of the architecture of the instance type.'],
  SnapshotCreatedDisk: [403, 'A disk was made from the snapshot; Force deletes it all the same.'],
  'QuotaExceed.Snapshot': [403, 'A disk of the instance has as many snapshots as it may have.'],
  'InvalidSnapshotName.Malformed': [400, 'The snapshot name breaks the naming rules.'],
  'InvalidInstantAccessRetentionDays.Malformed': [
    403,
    'InstantAccessRetentionDays must be 1 to 65535.',
  ],
  'IncorrectDiskStatus.NeverAttached': [403, 'The disk was never attached to an instance.'],
  'QuotaExceed.SnapshotQuota': [403, 'The disk has as many snapshots as it may have.'],
  'OperationDenied.InstanceCreating': [403, 'The instance is still being made.'],
  'InvalidSystemDiskSize.LessThanMinSize': [
    404,
    'SystemDisk.Size is below the size of the old system disk.',
  ],
  'InvalidDiskIds.Malformed': [400, 'DiskIds must be a JSON array of up to 100 ids.'],
  'InvalidDiskCategory.ValueNotSupported': [
    400,
    'The specified disk category is not an allowed value.',
  ],
  'InvalidStatus.ValueNotSupported': [404, 'The specified Status is not an allowed value.'],
  'InvalidDiskId.NotFound': [404, 'The specified DiskId does not exist.'],
  'QuotaExceed.PostPaidDisk': [403, 'The quota of disks of the account in this region is used up.'],
  InstanceDiskLimitExceeded: [403, 'The instance has as many data disks as it can have.'],
  IncorrectDiskStatus: [403, 'The status of the disk does not permit this action.'],
  ResourcesNotInSameZone: [403, 'Disk and instance are not in the same zone.'],
  DiskNotPortable: [403, 'A system disk cannot be detached; use ReplaceSystemDisk.'],
  'InvalidParameter.Conflict': [400, 'Parameters of the request contradict each other.'],
  'InvalidParameter.Mismatch': [400, 'Parameters of the request do not belong together.'],
  'InvalidClientToken.ValueNotSupported': [
    400,
    'The ClientToken is malformed or was used before with other parameters.',
  ],
  ImageNotSupportCloudInit: [400, 'The image has no cloud-init, which UserData needs.'],
  'InvalidInstanceName.Malformed': [400, 'The instance name breaks the naming rules.'],
  'InvalidHostName.Malformed': [400, 'The host name breaks the naming rules.'],
  'InvalidPassword.Malformed': [400, 'The password breaks the rules of passwords.'],
  'InvalidPasswordParam.Mismatch': [400, 'Password and PasswordInherit cannot be given together.'],
  'InvalidUserData.SizeExceeded': [400, 'UserData is larger than 32 KiB.'],
  'InvalidSystemDiskCategory.ValueNotSupported': [
    400,
    'SystemDisk.Category is not an allowed value.',
  ],
  'InvalidSystemDiskSize.ValueNotSupported': [400, 'SystemDisk.Size must be 1 to 2048 GiB.'],
  'InvalidDataDiskCategory.ValueNotSupported': [400, '{P} is not an allowed value.'],
  'InvalidDataDiskSize.ValueNotSupported': [400, '{P} must be 1 to 65536 GiB.'],
  'InvalidDataDevice.Malformed': [400, '{P} must be /dev/xvdb to /dev/xvdz.'],
  'InvalidDiskName.Malformed': [400, '{P} breaks the naming rules.'],
  'InvalidDiskDescription.Malformed': [400, '{P} breaks the rules of descriptions.'],
  'InstanceDiskNumber.LimitExceed': [400, 'An instance has at most 16 data disks.'],
  'InvalidInternetChargeType.ValueNotSupported': [
    400,
    'InternetChargeType is not an allowed value.',
  ],
  'InvalidHttpEndpoint.NotSupported': [400, 'HttpEndpoint must be enabled or disabled.'],
  'InvalidHttpTokens.NotSupported': [400, 'HttpTokens must be optional or required.'],
  InvalidPrivateIpAddress: [400, 'The private address is not in the block of the vSwitch.'],
  'InvalidPrivateIpAddress.Malformed': [400, 'PrivateIpAddress is not an IPv4 address.'],
  'InvalidPrivateIpAddress.Duplicated': [400, 'The private address is in use.'],
  'InvalidImageFamily.MissingAvailableImage': [
    403,
    'The image family has no image that is Available.',
  ],
  'OperationDenied.ImageNotValid': [
    403,
    'The image is in a state in which no instance can be made from it.',
  ],
  'InvalidSnapshotId.NotDataDiskSnapshot': [403, 'The snapshot of {P} is not of a data disk.'],
  'InvalidDiskSize.TooSmall': [403, 'A data disk is smaller than what it is made from.'],
  'DependencyViolation.WindowsInstance': [403, 'A key pair cannot be used with a Windows image.'],
  'QuotaExceed.ElasticQuota': [
    403,
    'The quota of instances or disks of the account in this region is used up.',
  ],
  'InvalidZoneId.NotFound': [404, 'The specified ZoneId does not exist.'],
  'InvalidVSwitchId.NotFound': [404, 'The specified VSwitchId does not exist.'],
  'InvalidSecurityGroupId.NotFound': [404, 'The specified SecurityGroupId does not exist.'],
  'InvalidKeyPairName.NotFound': [404, 'The specified KeyPairName does not exist.'],
  'InvalidRamRole.NotFound': [404, 'The specified RamRoleName does not exist.'],
  'InvalidDataDiskSnapshotId.NotFound': [404, 'The snapshot of a data disk does not exist.'],
  'InvalidSystemDiskSize.LessThanImageSize': [
    404,
    'SystemDisk.Size is below the size of the image.',
  ],
  'InvalidMaxAmount.Malformed': [400, 'Amount must be 1 to 100.'],
  'InvalidMinAmount.Malformed': [400, 'MinAmount must be 1 to 100.'],
  'InvalidInternetMaxBandwidthOut.Malformed': [400, 'InternetMaxBandwidthOut must be 0 to 100.'],
  'InvalidInternetMaxBandwidthIn.Malformed': [400, 'InternetMaxBandwidthIn must be 0 to 200.'],
  'InvalidIoOptimize.ValueNotSupported': [400, 'IoOptimized must be none or optimized.'],
  'InvalidIoOptimizedValue.ValueNotSupported': [400, 'IoOptimized must be none or optimized.'],
  'InvalidParam.Amount': [403, 'MinAmount is greater than Amount.'],
  'InvalidParams.InstanceNameExceed': [403, 'InstanceName is too long with its number.'],
  'InvalidParams.HostnameExceed': [403, 'HostName is too long with its number.'],
  'InvalidLaunchTemplate.NotFound': [404, 'The specified launch template does not exist.'],
  IncorrectInstanceStatus: [403, 'The status of the instance does not permit this action.'],
  'IncorrectInstanceStatus.Initializing': [403, 'The instance is still being made.'],
  AllocatedAlready: [403, 'The instance has a public address already.'],
  'InvalidOperation.DeletionProtection': [
    403,
    'The instance is protected from deletion; take DeletionProtection off first.',
  ],
  'InvalidInstanceIds.Malformed': [400, 'InstanceIds must be a JSON array of up to 100 ids.'],
  'InvalidInstanceIds.NotFound': [404, 'A specified InstanceId does not exist.'],
  'InvalidParameter.TooManyInstanceIds': [403, 'More than 100 instances are given.'],
  'InvalidLockReason.NotFound': [404, 'The specified LockReason is not an allowed value.'],
  'InvalidNetworkType.NotFound': [
    404,
    'The specified InstanceNetworkType is not an allowed value.',
  ],
  'InvalidHpcClusterId.NotFound': [400, 'The specified HpcClusterId does not exist.'],

  // Snapshots and tasks.
  SnapshotCreatedImage: [403, 'An image was made from the snapshot; delete the image first.'],
  'Operation.Conflict': [403, 'Another operation on the resource is in progress.'],
  'InvalidSnapshotIds.Malformed': [403, 'SnapshotIds must be a JSON array of 1 to 100 ids.'],
  'InvalidSnapshotCategory.Malformed': [403, 'The specified Category is not an allowed value.'],
  'InvalidSnapshotLinkId.NotFound': [404, 'The specified SnapshotLinkId does not exist.'],
  'InvalidSnapshotType.NotFound': [404, 'The specified SnapshotType is not an allowed value.'],
  InvalidSourceDiskType: [404, 'The specified SourceDiskType is neither system nor data.'],
  'InvalidStatus.NotFound': [404, 'The specified Status is not an allowed value.'],
  'InvalidTaskId.NotFound': [400, 'The specified TaskId does not exist.'],
  'InvalidTaskId.IncorrectTaskStatus': [403, 'The task has ended already and cannot be cancelled.'],

  // Tags of resources.
  'MissingParameter.RegionId': [404, 'RegionId is mandatory for this action.'],
  'MissingParameter.ResourceType': [404, 'ResourceType is mandatory for this action.'],
  'MissingParameter.ResourceIds': [404, 'ResourceId.N is mandatory for this action.'],
  'MissingParameter.Tags': [404, 'Tag.N is mandatory for this action.'],
  'InvalidResourceType.NotFound': [404, 'The specified ResourceType is not an allowed value.'],
  'InvalidResourceId.NotFound': [404, 'A specified ResourceId does not exist.'],
  'NumberExceed.ResourceIds': [400, 'The request has more than 50 ResourceId values.'],
  'NumberExceed.Tags': [400, 'The request has more than 20 tags or tag keys.'],
  'InvalidParameter.TagValue': [400, 'A tag value was given without its key.'],
  'InvalidTag.NotSupported': [400, 'Resources cannot be looked up by this tag here.'],
  'Param.Conflict': [403, 'All cannot be true when TagKey.N is given.'],
  'BothEmpty.TagsAndResources': [403, 'One of ResourceId.N and Tag.N must be given.'],
  'PermissionDenied.TagsFuzzyQuery': [403, 'TagFilter.N is not open to the caller.'],
  'Invalid.NextToken': [403, 'The specified NextToken is not one of this query.'],

  // Networks, security groups, key pairs and addresses.
  'InvalidSecurityGroupId.Malformed': [
    400,
    'SecurityGroupIds must be a JSON array of up to 100 ids.',
  ],
  'InvalidSecurityGroupName.Malformed': [
    400,
    'The name has 2 to 128 characters, begins with a letter, and not with http:// or https://.',
  ],
  'InvalidSecurityGroupDiscription.Malformed': [
    400,
    'The description has 2 to 256 characters and does not begin with http:// or https://.',
  ],
  'InvalidParams.GroupType': [400, 'SecurityGroupType must be normal or enterprise.'],
  'InvalidParams.VpcIdGroupType': [400, 'An enterprise security group needs a VPC.'],
  'InvalidParameter.SecurityGroupType': [400, 'SecurityGroupType must be normal or enterprise.'],
  'InvalidParameter.InnerAccessPolicy': [
    404,
    'The InnerAccessPolicy of an enterprise security group cannot be changed.',
  ],
  'InvalidPolicy.Malformed': [400, 'The policy must be accept or drop.'],
  'QuotaExceed.SecurityGroup': [
    403,
    'The quota of security groups of the account in this region is used up.',
  ],
  DependencyViolation: [403, 'Something still uses what is to be deleted.'],
  'InvalidIpProtocol.ValueNotSupported': [
    400,
    'IpProtocol must be tcp, udp, icmp, icmpv6, gre or all.',
  ],
  'InvalidIpPortRange.Malformed': [
    400,
    'PortRange must be first/last within 1 and 65535 for tcp and udp, else -1/-1.',
  ],
  'InvalidSourcePortRange.Malformed': [
    400,
    'SourcePortRange must be first/last within 1 and 65535 for tcp and udp, else -1/-1.',
  ],
  'InvalidNicType.ValueNotSupported': [400, 'NicType must be internet or intranet.'],
  'InvalidNicType.Mismatch': [403, 'A rule that names a security group has the NicType intranet.'],
  'InvalidPriority.ValueNotSupported': [400, 'Priority must be 1 to 100.'],
  'InvalidSourceCidrIp.Malformed': [400, 'SourceCidrIp is not an IPv4 address or block.'],
  'InvalidDestCidrIp.Malformed': [400, 'DestCidrIp is not an IPv4 address or block.'],
  'InvalidParam.Ipv6SourceCidrIp': [400, 'Ipv6SourceCidrIp is not an IPv6 address or block.'],
  'InvalidParam.Ipv6DestCidrIp': [400, 'Ipv6DestCidrIp is not an IPv6 address or block.'],
  'InvalidParam.SourceIp': [400, 'SourceCidrIp and Ipv6SourceCidrIp exclude each other.'],
  'InvalidParam.DestIp': [400, 'DestCidrIp and Ipv6DestCidrIp exclude each other.'],
  'InvalidParam.Permissions': [
    400,
    'Permissions has more than 100 rules, or stands beside the parameters of one rule.',
  ],
  'InvalidParam.SecurityGroupRuleId': [
    400,
    'SecurityGroupRuleId has more than 100 ids, or stands beside the words of a rule.',
  ],
  'MissingParameter.Source': [400, 'A source is missing: a block of addresses or a group.'],
  'MissingParameter.Dest': [400, 'A destination is missing: a block of addresses or a group.'],
  'InvalidSourceGroupId.NotFound': [404, 'The specified SourceGroupId does not exist.'],
  'InvalidDestGroupId.NotFound': [404, 'The specified DestGroupId does not exist.'],
  'InvalidPrefixListId.NotFound': [404, 'The specified prefix list does not exist.'],
  'InvalidPortRangeListId.NotFound': [400, 'The specified port list does not exist.'],
  'InvalidGroupParameter.OperationDenied': [
    400,
    'A rule of an enterprise security group cannot name a group.',
  ],
  'InvalidParamter.Conflict': [403, 'A security group cannot be named by a rule of its own.'],
  AuthorizationLimitExceed: [403, 'The security group would have more than 200 rules.'],
  'InvalidSecurityGroupRuleId.NotFound': [404, 'The specified SecurityGroupRuleId does not exist.'],
  'SecurityGroupRule.NotFound': [404, 'The security group has no rule with these words.'],
  'InvalidOperation.ModifySgRuleEntityType': [
    400,
    'A rule keeps the kind of its other side: an IPv4 block, an IPv6 block or a group.',
  ],
  'InvalidOperation.RuleDuplicate': [400, 'The security group has such a rule already.'],
  'InvalidVpcId.NotFound': [404, 'The specified VpcId does not exist.'],
  IncorrectVpcStatus: [400, 'The status of the VPC does not permit this action.'],
  'InvalidVpcName.Malformed': [
    400,
    'The name has 1 to 128 characters and does not begin with http:// or https://.',
  ],
  'InvalidVpcDiscription.Malformed': [
    400,
    'The description has 1 to 256 characters and does not begin with http:// or https://.',
  ],
  'InvalidCidrBlock.Malformed': [400, 'The specified CidrBlock cannot be used here.'],
  'InvalidCirdrBlock.MaskLength': [400, 'The mask of a vSwitch has 16 to 29 bits.'],
  'InvalidCidrBlock.Overlapped': [400, 'The CidrBlock overlaps with that of another vSwitch.'],
  'QuotaExceeded.Vpc': [400, 'The quota of VPCs of the account in this region is used up.'],
  'DependencyViolation.VSwitch': [400, 'The VPC still has vSwitches.'],
  'DependencyViolation.SecurityGroup': [400, 'The VPC still has security groups.'],
  'InvalidVSwitchName.Malformed': [
    400,
    'The name has 1 to 128 characters and does not begin with http:// or https://.',
  ],
  'InvalidVSwitchDiscription.Malformed': [
    400,
    'The description has 1 to 256 characters and does not begin with http:// or https://.',
  ],
  IncorrectVSwitchStatus: [400, 'The status of the vSwitch does not permit this action.'],
  'QuotaExceeded.VSwitch': [
    400,
    'The quota of vSwitches of the account in this region is used up.',
  ],
  'InvalidKeyPairName.Malformed': [
    400,
    'The name has 2 to 128 characters: a letter, then letters, digits, dots, colons, _ and -.',
  ],
  'InvalidKeyPair.NotFound': [404, 'A specified key pair does not exist.'],
  'KeyPair.AlreadyExist': [400, 'A key pair of this name exists already.'],
  'InvalidPublicKeyBody.Malformed': [
    400,
    'PublicKeyBody is no public key of SSH of the type ssh-rsa, ssh-dss or ecdsa.',
  ],
  'QuotaExceed.KeyPair': [403, 'The quota of key pairs of the account in this region is used up.'],
  'InvalidParameter.KeypairAlreadyAttachedInstance': [403, 'An instance has the key pair.'],
  'InvalidAllocationId.NotFound': [404, 'The specified AllocationId does not exist.'],
  'InvalidAssociation.Duplicated': [400, 'The instance has an elastic address already.'],
  IncorrectEipStatus: [400, 'The status of the elastic address does not permit this action.'],
  'QuotaExceeded.Eip': [
    400,
    'The quota of elastic addresses of the account in this region is used up.',
  ],

  // Regions and zones.
  'InvalidAcceptLanguage.NotFound': [404, 'The specified AcceptLanguage is not an allowed value.'],
  'Invalid.InstanceChargeType': [403, 'The specified InstanceChargeType is not an allowed value.'],
  'InvalidInstanceChargeType.NotFound': [
    404,
    'The specified InstanceChargeType is not an allowed value.',
  ],
  'Invalid.DestinationResource': [404, 'The specified DestinationResource is not valid.'],
  'Invalid.IoOptimized': [404, 'The specified IoOptimized is not valid.'],
  'Invalid.NetworkCategory': [404, 'The specified NetworkCategory is not valid.'],
  'Invalid.Param': [
    400,
    'The input parameter {P} that is mandatory for processing this request is not supplied.',
  ],
  'Invalid.ResourceType': [404, 'The ResourceType provided does not exist in our records.'],
  'Invalid.SpotStrategy': [404, 'The specified SpotStrategy is not valid.'],
  'InvalidDedicatedHostId.NotFound': [403, 'The specified DedicatedHostId does not exist.'],
  'InvalidParam.Cores': [403, 'Cores can be given only to ask for InstanceType.'],
  'InvalidParam.Memory': [403, 'Memory can be given only to ask for InstanceType.'],
  'InvalidParam.TypeAndCpuMem.Conflict': [403, 'InstanceType already says Cores and Memory.'],
  'InvalidParameter.Scope': [403, 'The specified parameter Scope is invalid.'],
  InvalidSpotStrategy: [400, 'The specified SpotStrategy is not an allowed value.'],

  // Endpoints (product location). Clients compare codes and messages letter by letter.
  InvalidRegionId: [404, 'The specified region does not exist.'],
  'Illegal Parameter': [400, 'Please check the parameters'],
  // The image builder: components, pipelines, executions.
  'InvalidName.Malformed': [
    400,
    'The name must have 2 to 128 characters: a letter, then letters, digits and . _ - :.',
  ],
  'InvalidSystemType.NotSupportedValue': [400, 'SystemType must be Linux or Windows.'],
  'InvalidComponentType.NotSupportedValue': [400, 'ComponentType must be Build or Test.'],
  'InvalidContent.LengthExceeded': [400, 'Content has more than 16 KiB.'],
  'MissingParameter.Content': [400, 'Content is mandatory for this action.'],
  'InvalidParameter.Content': [
    400,
    'Content is neither a list of commands nor a YAML text with Tasks.',
  ],
  'InvalidImageTemplateCommandSize.ExceededMaxNumber': [
    400,
    'The content has more than 127 commands.',
  ],
  'InvalidImageTemplateCommand.NotSupported': [
    400,
    'The content has a line that does not begin with a command: RUN, ENV, WORKDIR, COPY, USER, CMD, ENTRYPOINT, RESTART.',
  ],
  'InvalidCommand.Component': [400, 'The command COMPONENT may not be used in a component.'],
  'NotSupportedCommand.FROM': [404, 'The command FROM may not be used in a component.'],
  'EmptyCommandContent.RUN': emptyCommand('RUN'),
  'EmptyCommandContent.ENV': emptyCommand('ENV'),
  'EmptyCommandContent.WORKDIR': emptyCommand('WORKDIR'),
  'EmptyCommandContent.COPY': emptyCommand('COPY'),
  'EmptyCommandContent.USER': emptyCommand('USER'),
  'EmptyCommandContent.CMD': emptyCommand('CMD'),
  'EmptyCommandContent.ENTRYPOINT': emptyCommand('ENTRYPOINT'),
  'InvalidCommandContent.RUN': badCommand('RUN'),
  'InvalidCommandContent.ENV': badCommand('ENV'),
  'InvalidCommandContent.WORKDIR': badCommand('WORKDIR'),
  'InvalidCommandContent.COPY': badCommand('COPY'),
  'InvalidCommandContent.USER': badCommand('USER'),
  'InvalidCommandContent.CMD': badCommand('CMD'),
  'InvalidCommandContent.ENTRYPOINT': badCommand('ENTRYPOINT'),
  'NotEmptyCommandContent.RESTART': [400, 'The command RESTART takes no argument.'],
  'InvalidImage.OsTypeUnsupported': [
    400,
    'The system does not fit: command lines are for Linux, and a component is for its own system.',
  ],
  'InvalidParameter.ComponentVersion': [
    400,
    'ComponentVersion must be major.minor.patch, each a whole number.',
  ],
  'InvalidComponentVersion.Exist': [403, 'The component of this name has this version already.'],
  'QuotaExceed.ImageComponent': [400, 'The quota of image components is used up.'],
  MissingImageComponentId: mandatory('ImageComponentId'),
  'InvalidImageComponentIdSize.ExceededMaxNumber': [
    400,
    'The request has more than 20 ImageComponentId values.',
  ],
  'InvalidParameter.Owner': [400, 'Owner must be SELF or ALIYUN.'],
  'InvalidImageComponent.NotFound': [404, 'The specified image component does not exist.'],
  'InvalidImageComponent.InUse': [
    403,
    'An image pipeline names the component; delete the pipeline first.',
  ],
  'ImageComponent.NotFound': [404, 'A component that the content names does not exist.'],
  'InvalidImageComponent.NotSupported': [
    400,
    'The content names a component of the other type: Build is for BuildContent, Test for TestContent.',
  ],
  'InvalidBaseImageType.NotSupportedValue': [
    400,
    'BaseImageType must be IMAGE or IMAGE_FAMILY; an object is imported with ImportImage first.',
  ],
  'InvalidImage.NotFound': [404, 'The base image does not exist or cannot be used.'],
  'InvalidSystemDiskSize.NotSupportedValue': [
    400,
    'SystemDiskSize must be 20 to 500 GiB and not below the base image.',
  ],
  'InvalidInternetMaxBandwidthOut.NotSupportedValue': [
    400,
    'InternetMaxBandwidthOut must be 0 to 100.',
  ],
  'InvalidAddAccountSize.ExceededMaxNumber': [
    400,
    'The request has more than 20 AddAccount values.',
  ],
  'InvalidToRegionIdSize.ExceededMaxNumber': [
    400,
    'The request has more than 20 ToRegionId values.',
  ],
  'InvalidBuildContent.LengthExceeded': [400, 'BuildContent has more than 16 KiB.'],
  'DuplicatedCommand.FROM': [400, 'The command FROM occurs more than once.'],
  'InvalidCommandOrder.FROM': [400, 'The command FROM must be the first one.'],
  'InvalidParameter.BuildContent': [400, 'BuildContent is not valid.'],
  'InvalidParameter.TestContent': [400, 'TestContent is not valid.'],
  'InvalidParameter.RepairMode': [400, 'RepairMode must be Standard, All or Customized.'],
  'MissingParameter.RepairMode': [404, 'RepairItem needs a RepairMode.'],
  'InvalidImage.NotSupportRepair': [
    400,
    'No image can be repaired here, since no machine runs: leave RepairMode out.',
  ],
  'InvalidParameter.NvmeSupport': [400, 'NvmeSupport must be supported, unsupported or auto.'],
  'InvalidImageOptions.Description': [
    400,
    'ImageOptions.Description must have 2 to 256 characters and must not start with http:// or https://.',
  ],
  'InvalidAdvancedOptions.ImageNameSuffix': [
    400,
    'AdvancedOptions.ImageNameSuffix takes the value disable.',
  ],
  InvalidParameterCombination: [
    400,
    'ImportImageOptions belong to the BaseImageType OSS, which is not served here.',
  ],
  'ImagePipeline.NotSupportWindowsInstance': [
    403,
    'Command lines are for Linux; a Windows base image takes YAML components.',
  ],
  'InvalidInstanceType.NotFound': [404, 'The specified InstanceType does not exist.'],
  'QuotaExceed.ImagePipeline': [400, 'The quota of image pipelines is used up.'],
  MissingImagePipelineId: mandatory('ImagePipelineId'),
  'InvalidImagePipelineIdSize.ExceededMaxNumber': [
    400,
    'The request has more than 20 ImagePipelineId values.',
  ],
  'InvalidImagePipeline.NotFound': [404, 'The specified image pipeline does not exist.'],
  'InvalidImagePipeline.HasRunningExecution': [
    403,
    'An execution of the image pipeline has not ended yet.',
  ],
  'InvalidImagePipeline.BaseImageNotFound': [
    404,
    'The base image does not exist, is not available, or no image of the base family is.',
  ],
  'MissingParameter.ImagePipelineId': [400, 'ImagePipelineId or ExecutionId must be given.'],
  'InvalidParameter.Status': [400, 'Status must be statuses of executions, separated by commas.'],
  MissingExecutionId: mandatory('ExecutionId'),
  'InvalidVerificationId.NotFound': [404, 'The specified verification does not exist.'],
  'InvalidImagePipelineExecution.NotFound': [404, 'The specified execution does not exist.'],
  'InvalidStatus.CancelFailed': [400, 'The execution has ended and cannot be cancelled.'],

  // Accounts, keys and buckets (product kindred).
  InvalidAccountName: [
    400,
    'AccountName has 2 to 64 characters: a letter, then letters, digits, spaces and . _ - @.',
  ],
  'EntityAlreadyExists.Account': [409, 'An account of this name exists already.'],
  'EntityNotExist.Account': [404, 'The specified account does not exist.'],
  'EntityNotExist.AccessKey': [404, 'The account has no such access key.'],
  'LimitExceeded.AccessKey': [409, 'The account has the greatest permitted number of access keys.'],
  'OperationDenied.LastActiveAccessKey': [
    403,
    'This is the last active access key of the account; make another one first.',
  ],
  InvalidDirectory: notValid('Directory'),
  'InvalidBackupId.NotFound': [404, 'The specified BackupId does not exist.'],
  InvalidBucketName: [
    400,
    'A bucket name has 3 to 63 characters of a-z, 0-9 and -, and neither starts nor ends with -.',
  ],
  InvalidAccountAlias: [
    400,
    'AccountAlias has 3 to 63 characters of a-z, 0-9 and -: a letter first, and no - last.',
  ],
  'EntityAlreadyExists.AccountAlias': [409, 'Another account has this alias already.'],
  'EntityNotExist.AccountAlias': [404, 'The account has no alias.'],

  // Who reads a family, and what publishers sign (product kindred).
  InvalidExpirationTime: [
    400,
    'ExpirationTime is a time to come in UTC, for example 2027-01-31T00:00:00Z.',
  ],
  'LimitExceeded.FamilyReadToken': [
    409,
    'The family has the greatest permitted number of read tokens; delete one first.',
  ],
  'EntityNotExist.FamilyReadToken': [404, 'There is no such read token in this region.'],
  InvalidSignatureContent: [
    400,
    'SignatureContent is neither an OpenPGP nor an SSH signature of at most 16 KiB: give the armoured text, or Base64 of a binary OpenPGP one.',
  ],
  'EntityNotExist.ImageSignature': [404, 'The image has no signature of this type.'],
  'EntityAlreadyExists.Bucket': [409, 'A bucket of this name exists already.'],

  // Seeds (product kindred).
  InvalidSeed: [400, 'The seed is not what a seed must be.'],
  'Conflict.Seed': [409, 'What the seed asks for is there and differs.'],
  'OperationDenied.NotForTests': [
    403,
    'A seed gives out chosen ids and backdates images, so that it is applied only to a data directory that was made for tests: start with --ephemeral, or a new --data with --test-controls.',
  ],

  // Uploads (product kindred).
  InvalidSizeBytes: [400, 'SizeBytes must be a number of bytes from 1 to 2050 GiB.'],
  InvalidSha256: [400, 'Sha256 must have 64 hexadecimal digits.'],
  'QuotaExceed.Upload': [403, 'The quota of open uploads of the account is used up.'],
  'InsufficientStorage.Upload': [
    507,
    'There is not enough free space for an object of that size where the bucket lies.',
  ],
  'EntityNotExist.Upload': [404, 'The account has no such upload.'],
  // STS.
  'InvalidParameter.RoleArn': [400, 'The parameter RoleArn is wrongly formed.'],
  'InvalidParameter.RoleSessionName': [400, 'The parameter RoleSessionName is wrongly formed.'],
  'InvalidParameter.DurationSeconds': [
    400,
    'The parameter DurationSeconds must be from 900 seconds to the longest session of the role.',
  ],
  'InvalidParameter.PolicyGrammar': [400, 'The parameter Policy has not passed grammar check.'],
  'InvalidParameter.ExternalId': [400, 'The parameter ExternalId is wrongly formed.'],
  'InvalidParameter.OIDCProviderArn': [400, 'The parameter OIDCProviderArn is wrongly formed.'],
  'AuthenticationFail.NoPermission': [403, 'This operation is forbidden by permission system.'],
  'AuthenticationFail.OIDCToken.Invalid': [400, 'The OIDC token is not valid.'],
  'AuthenticationFail.OIDCToken.Expired': [400, 'This JsonWebToken is expired.'],

  // RAM: users, roles, policies.
  'InvalidParameter.UserName.InvalidChars': badChars('UserName'),
  'InvalidParameter.UserName.Length': badLength('UserName'),
  'InvalidParameter.NewUserName.InvalidChars': badChars('NewUserName'),
  'InvalidParameter.NewUserName.Length': badLength('NewUserName'),
  'InvalidParameter.DisplayName.InvalidChars': badChars('DisplayName'),
  'InvalidParameter.DisplayName.Length': badLength('DisplayName'),
  'InvalidParameter.NewDisplayName.InvalidChars': badChars('NewDisplayName'),
  'InvalidParameter.NewDisplayName.Length': badLength('NewDisplayName'),
  'InvalidParameter.MobilePhone.Format': badFormat('MobilePhone'),
  'InvalidParameter.NewMobilePhone.Format': badFormat('NewMobilePhone'),
  'InvalidParameter.Email.Format': badFormat('Email'),
  'InvalidParameter.NewEmail.Format': badFormat('NewEmail'),
  'InvalidParameter.Comments.Length': badLength('Comments'),
  'InvalidParameter.NewComments.Length': badLength('NewComments'),
  'InvalidParameter.GroupName.InvalidChars': badChars('GroupName'),
  'InvalidParameter.GroupName.Length': badLength('GroupName'),
  'InvalidParameter.NewGroupName.InvalidChars': badChars('NewGroupName'),
  'InvalidParameter.NewGroupName.Length': badLength('NewGroupName'),
  'InvalidParameter.RoleName.InvalidChars': badChars('RoleName'),
  'InvalidParameter.RoleName.Length': badLength('RoleName'),
  'InvalidParameter.PolicyName.InvalidChars': badChars('PolicyName'),
  'InvalidParameter.PolicyName.Length': badLength('PolicyName'),
  'InvalidParameter.Description.Length': badLength('Description'),
  'InvalidParameter.NewDescription.Length': badLength('NewDescription'),
  'InvalidParameter.MaxSessionDuration': [
    400,
    'The parameter - "MaxSessionDuration" must be from 3600 to 43200 seconds.',
  ],
  'InvalidParameter.PolicyType': [400, 'The parameter - "PolicyType" is incorrect.'],
  'InvalidParameter.RotateStrategy': [400, 'The parameter - "RotateStrategy" is incorrect.'],
  'InvalidParameter.VersionId.Format': badFormat('VersionId'),
  'InvalidParameter.MaxItems': [400, 'The parameter - "MaxItems" must be from 1 to 1000.'],
  'InvalidParameter.ResourceType': [400, 'The parameter - "ResourceType" must be role or policy.'],
  'InvalidParameter.Tag': [
    400,
    'A tag is given twice, has a key or a value that is not valid, or there are more than 20.',
  ],
  'InvalidParameter.ResourceGroupId': [
    400,
    'Policies are attached in the whole account here; leave ResourceGroupId out.',
  ],
  MalformedPolicyDocument: [400, 'The policy document is malformed: {P}'],
  'EntityNotExist.User': [404, 'The user does not exist.'],
  'EntityNotExist.User.AccessKey': [404, 'The user access key does not exist.'],
  'EntityNotExist.User.Policy': [404, 'The indicate policy of the user does not exist.'],
  'EntityNotExist.User.LoginProfile': [404, 'The user login profile does not exist.'],
  'EntityNotExist.User.MFADevice': [404, 'The user has not bound any MFA device.'],
  'EntityNotExist.User.Group': [404, 'The user is not in the group.'],
  'EntityNotExist.Group': [404, 'The group does not exist.'],
  'EntityNotExist.Group.Policy': [404, 'The indicate policy of the group does not exist.'],
  'EntityNotExist.Role': [404, 'The role not exists.'],
  'EntityNotExist.Role.Policy': [404, 'The indicate policy of the role does not exist.'],
  'EntityNotExist.Policy': [404, 'The policy does not exist.'],
  'EntityNotExist.Policy.Version': [404, 'The policy version does not exist.'],
  'EntityAlreadyExists.User': [409, 'The user does already EXIST.'],
  'EntityAlreadyExists.User.Policy': [409, 'The user has already been attached this policy.'],
  'EntityAlreadyExists.User.Group': [409, 'The user has already been in the group.'],
  'EntityAlreadyExists.Group': [409, 'The group does already EXIST.'],
  'EntityAlreadyExists.Group.Policy': [409, 'The group has already been attached this policy.'],
  'EntityAlreadyExists.Role': [409, 'The role does already EXIST.'],
  'EntityAlreadyExists.Role.Policy': [409, 'The role has already been attached this policy.'],
  'EntityAlreadyExists.Policy': [409, 'The policy does already EXIST.'],
  'DeleteConflict.User.AccessKey': [
    409,
    'The user CAN NOT has any access key while deleting the user.',
  ],
  'DeleteConflict.User.Policy': [
    409,
    'The user CAN NOT has any attached policy while deleting the user.',
  ],
  'DeleteConflict.User.Group': [409, 'The user CAN NOT been in any group while deleting the user.'],
  'DeleteConflict.Group.User': [409, 'The group CAN NOT has any user while deleting the group.'],
  'DeleteConflict.Group.Policy': [
    409,
    'The group CAN NOT has any attached policy while deleting the group.',
  ],
  'DeleteConflict.Policy.Group': [
    409,
    'The policy CAN NOT been attached to any group while deleting the policy.',
  ],
  'DeleteConflict.Role.Policy': [
    409,
    'The role CAN NOT has any attached policy while deleting the role.',
  ],
  'DeleteConflict.Policy.User': [
    409,
    'The policy CAN NOT been attached to any user while deleting the policy.',
  ],
  'DeleteConflict.Policy.Version': [
    409,
    'The policy CAN NOT has any version except the default version.',
  ],
  'DeleteConflict.Policy.Version.Default': [
    409,
    'The default policy version CAN NOT been deleted directly.',
  ],
  'LimitExceeded.User': [409, 'The count of users beyond the current limits.'],
  'LimitExceeded.User.AccessKey': [
    409,
    'The access key count of the user access keys beyond the current limits.',
  ],
  'LimitExceeded.User.Policy': [
    409,
    'The policy count of the user attached policies beyond the current limits.',
  ],
  'LimitExceeded.User.Group': [409, 'The group count of the user beyond the current limits.'],
  'LimitExceeded.Group': [409, 'The count of groups beyond the current limits.'],
  'LimitExceeded.Group.Policy': [
    409,
    'The policy count of the group attached policies beyond the current limits.',
  ],
  'LimitExceeded.Role': [409, 'The count of roles beyond the current limits.'],
  'LimitExceeded.Role.Policy': [
    409,
    'The policy count of the role attached policies beyond the current limits.',
  ],
  'LimitExceeded.Policy': [409, 'The count of policies beyond the current limits.'],
  'LimitExceeded.Policy.Version': [
    409,
    'The version count of the policy beyond the current limits.',
  ],
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof catalogue;

export interface ErrorOptions {
  /** Replaces the catalogue's status for this operation. */
  status?: number;
  /** Replaces the catalogue's message. */
  message?: string;
  /** Fills `{P}` in the message. */
  parameter?: string;
  /** Further members of the error body (for example `AccessDeniedDetail`); strings and objects. */
  detail?: Readonly<Record<string, unknown>>;
  /** When the call may be made again, milliseconds from now; told in `x-acs-retry-after`. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** An expected failure: it is answered in the API's own shape. Anything else thrown is a bug. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const [status, message] = catalogue[code];
    const text = (options.message ?? message).replace('{P}', () => options.parameter ?? 'request');
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? status;
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Tells whether a text is a code of the catalogue (schemas carry codes as plain text). */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);

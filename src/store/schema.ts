// The tables as the query builder sees them, in the words of the domain (snake_case). The SQL that
// makes them stands in migrations/; three column types only: text, int (safe integers), bytes.

export interface Tables {
  account: {
    account_id: string;
    account_name: string;
    is_operator: number;
    creation_ms: number;
    account_alias: string | null;
  };
  access_key: {
    access_key_id: string;
    account_id: string;
    sealed_secret: string;
    status: string;
    creation_ms: number;
    /** Null: a root key. */
    user_id: string | null;
    end_ms: number | null;
  };
  access_key_use: { access_key_id: string; last_used_ms: number; service: string };
  ram_user: {
    account_id: string;
    user_name: string;
    user_id: string;
    display_name: string;
    mobile_phone: string;
    email: string;
    comments: string;
    creation_ms: number;
    update_ms: number;
  };
  ram_group: {
    account_id: string;
    group_name: string;
    group_id: string;
    comments: string;
    creation_ms: number;
    update_ms: number;
  };
  ram_membership: {
    account_id: string;
    user_id: string;
    group_id: string;
    join_ms: number;
  };
  ram_role: {
    account_id: string;
    role_name: string;
    role_id: string;
    description: string;
    assume_role_policy_document: string;
    max_session_seconds: number;
    creation_ms: number;
    update_ms: number;
  };
  ram_policy: {
    account_id: string;
    policy_name: string;
    description: string;
    default_version: number;
    next_version: number;
    creation_ms: number;
    update_ms: number;
  };
  ram_policy_version: {
    account_id: string;
    policy_name: string;
    version: number;
    policy_document: string;
    creation_ms: number;
  };
  ram_attachment: {
    account_id: string;
    entity_id: string;
    policy_type: string;
    policy_name: string;
    entity_type: string;
    attach_ms: number;
  };
  account_region: {
    account_id: string;
    region_id: string;
    next_seq: number;
    next_change_seq: number;
    last_creation_ms: number;
    image_count: number;
    family_count: number;
  };
  image: {
    image_id: string;
    account_id: string;
    region_id: string;
    seq: number;
    creation_ms: number;
    image_name: string;
    image_family: string | null;
    image_version: string;
    description: string;
    status: string;
    progress: number;
    architecture: string;
    os_type: string;
    platform: string;
    boot_mode: string;
    license_type: string;
    nvme_support: string;
    imds_support: string;
    secure_boot_support: string;
    detection_strategy: string;
    resource_group_id: string;
    is_copied: number;
    is_public: number;
    is_support_cloudinit: number;
    size_gib: number;
    origin: string;
    error_code: string;
    error_message: string;
    status_before: string;
    file_stem: string;
    source_image_id: string;
  };
  image_disk: {
    image_id: string;
    position: number;
    account_id: string;
    device: string;
    disk_type: string;
    size_gib: number;
    format: string;
    import_oss_bucket: string;
    import_oss_object: string;
    snapshot_id: string | null;
  };
  family: {
    account_id: string;
    region_id: string;
    image_family: string;
    image_count: number;
    head_image_id: string | null;
    head_since_ms: number;
  };
  public_family: { account_id: string; region_id: string; image_family: string };
  family_read_token: {
    token_id: string;
    token_hash: string;
    account_id: string;
    region_id: string;
    image_family: string;
    description: string;
    creation_ms: number;
    expires_ms: number | null;
    last_used_ms: number | null;
  };
  former_head: {
    account_id: string;
    region_id: string;
    image_family: string;
    image_id: string;
    file_name: string;
    digest: string;
    creation_ms: number;
    until_ms: number;
  };
  image_signature: {
    image_id: string;
    signature_type: string;
    account_id: string;
    region_id: string;
    /** Base64. */
    signature: string;
    creation_ms: number;
  };
  snapshot: {
    snapshot_id: string;
    account_id: string;
    region_id: string;
    seq: number;
    creation_ms: number;
    last_modified_ms: number;
    snapshot_name: string;
    description: string;
    status: string;
    progress: number;
    source_disk_type: string;
    size_gib: number;
    size_bytes: number;
    digest: string | null;
    source_disk_id: string;
    retention_days: number;
    category: string;
    resource_group_id: string;
    source_region_id: string;
    source_snapshot_id: string;
  };
  resource: {
    resource_id: string;
    resource_type: string;
    account_id: string;
    region_id: string;
    seq: number;
    creation_ms: number;
    resource_name: string;
    status: string;
    settled_status: string;
    settle_ms: number;
    parent_id: string;
    image_id: string;
    resource_group_id: string;
    detail: string;
  };
  image_share: {
    image_id: string;
    shared_account_id: string;
    account_id: string;
    region_id: string;
    shared_ms: number;
  };
  task: {
    task_id: string;
    account_id: string;
    region_id: string;
    task_action: string;
    task_status: string;
    creation_ms: number;
    finished_ms: number | null;
    progress: number;
    resource_id: string;
    error_code: string;
    error_message: string;
    /** JSON list of `ExportedObject`. */
    objects: string;
  };
  job: {
    job_id: string;
    kind: string;
    account_id: string;
    region_id: string;
    image_id: string;
    task_id: string | null;
    step: string;
    state: string;
    status: string;
    attempts: number;
    creation_ms: number;
  };
  tag: {
    account_id: string;
    region_id: string;
    resource_type: string;
    resource_id: string;
    tag_key: string;
    tag_value: string;
  };
  blob: {
    digest: string;
    size_bytes: number;
    state: string;
    format: string;
    virtual_size_bytes: number;
    warnings: string;
    creation_ms: number;
  };
  placement: {
    digest: string;
    store: string;
    kind: string;
    state: string;
    verified_ms: number;
    damage: string;
    damaged_ms: number;
  };
  verification: {
    verification_id: string;
    start_ms: number;
    finish_ms: number | null;
    total_blobs: number;
    total_bytes: number;
    checked_blobs: number;
    checked_bytes: number;
    damaged_blobs: number;
    repaired_blobs: number;
  };
  blob_lease: { digest: string; job_id: string };
  object_fact: { bucket: string; object: string; version: string; facts: string };
  bucket: { bucket: string; account_id: string; region_id: string };
  token: {
    account_id: string;
    region_id: string;
    action: string;
    client_token: string;
    input_hash: string;
    output: string;
    expires_ms: number;
  };
  nonce: { fingerprint: string; expires_ms: number };
  upload: {
    upload_id: string;
    account_id: string;
    bucket: string;
    object: string;
    size_bytes: number;
    sha256: string;
    status: string;
    version: string;
    message: string;
    secret_hash: string;
    creation_ms: number;
    expires_ms: number;
  };
  tombstone: {
    resource_id: string;
    account_id: string;
    region_id: string;
    resource_name: string;
    deletion_ms: number;
  };
  change: {
    account_id: string;
    region_id: string;
    change_seq: number;
    time_ms: number;
    kind: string;
    image_id: string;
    image_seq: number;
    family_before: string | null;
    family_after: string | null;
    status_before: string | null;
    status_after: string | null;
    principal: string;
    request_id: string;
  };
  audit_record: {
    sequence: number;
    time_ms: number;
    account_id: string;
    principal: string;
    event_name: string;
    request_id: string;
    resources: string;
    record: string;
    hash: string;
  };
  /** Empty but between a migration and the end of the next start. */
  clear_user_data: { resource_id: string };
  audit_cut: { sequence: number; hash: string; time_ms: number };
  audit_key: {
    incarnation: number;
    public_key: string;
    sealed_private_key: string;
    creation_ms: number;
  };
  image_use: {
    day: string;
    account_id: string;
    image_id: string;
    principal: string;
    resolutions: number;
    downloads: number;
    bytes: number;
  };
}

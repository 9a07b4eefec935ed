# Drives the object door through oss2, the Python SDK of OSS; every line asserts.
import hashlib, os, sys, oss2, requests
url, kid, sec, ver, work = sys.argv[1:6]
auth = oss2.Auth(kid, sec) if ver=='v1' else oss2.AuthV4(kid, sec)
kw = dict(region='cn-hangzhou', connect_timeout=30)
name='oss-'+ver+'-bucket'
b = oss2.Bucket(auth, url, name, **kw)
b.create_bucket()
svc = oss2.Service(auth, url, **kw)
print('buckets', [x.name for x in oss2.BucketIterator(svc)])
r=b.put_object('a/b.txt', b'hello world', headers={'x-oss-meta-k':'v','Content-Type':'text/x'})
assert r.etag == hashlib.md5(b'hello world').hexdigest().upper()
g=b.get_object('a/b.txt'); assert g.read()==b'hello world'; assert g.headers['x-oss-meta-k']=='v', g.headers; assert g.content_type=='text/x'
assert b.get_object('a/b.txt', byte_range=(2,4)).read()==b'llo'
h=b.head_object('a/b.txt'); assert h.content_length==11 and h.etag==r.etag
b.get_object_meta('a/b.txt')
def crc_of(data):
    c=oss2.utils.Crc64(); c.update(data); return c.crc
# oss2 itself compares whenever both ends have one; here that both had.
assert b.enable_crc and r.crc==crc_of(b'hello world')==g.server_crc==g.client_crc==int(h.headers['x-oss-hash-crc64ecma'])
for key in ['ü ñ/日本 +%.raw', "q&a=?#;'()!*~", 'sp ace', 'a+b', '%41', '\U0001f600']:
    b.put_object(key, key.encode()); assert b.get_object(key).read()==key.encode(); assert b.object_exists(key)
    assert key in [o.key for o in oss2.ObjectIteratorV2(b)], key
    c=b.sign_url('GET', key, 60, slash_safe=True)
    rr=requests.get(c); assert rr.status_code==200 and rr.content==key.encode(), (rr.status_code, rr.text)
    assert requests.get(c.replace('ignature=','ignature=A')).status_code==403
    b.copy_object(name, key, 'copies/'+key); assert b.get_object('copies/'+key).read()==key.encode()
keys=[o.key for o in oss2.ObjectIterator(b, max_keys=2)]
assert keys==sorted(keys, key=lambda k:k.encode()) and len(keys)==13, keys
assert [o.key for o in oss2.ObjectIteratorV2(b, max_keys=3)]==keys
top=[(o.key,o.is_prefix()) for o in oss2.ObjectIteratorV2(b, delimiter='/', max_keys=2)]
assert ('a/',True) in top and ('copies/',True) in top and ('sp ace',False) in top, top
assert [o.key for o in oss2.ObjectIteratorV2(b, prefix='copies/sp')]==['copies/sp ace']
data=os.urandom(3_000_000)
open(work+'/big','wb').write(data)
oss2.resumable_upload(b,'big/x.raw',work+'/big',store=oss2.ResumableStore(root=work+'/store'),multipart_threshold=100*1024,part_size=1024*1024,num_threads=3)
g=b.get_object('big/x.raw'); assert g.read()==data and g.server_crc==g.client_crc==crc_of(data)
oss2.resumable_download(b,'big/x.raw',work+'/back',store=oss2.ResumableDownloadStore(root=work+'/store'),multiget_threshold=100*1024,part_size=512*1024,num_threads=3)
assert open(work+'/back','rb').read()==data
u=b.init_multipart_upload('mp').upload_id
b.upload_part('mp',u,1,data[:200000]); b.upload_part_copy(name,'big/x.raw',(0,150000-1),'mp',u,2)
ps=b.list_parts('mp',u).parts; assert [p.size for p in ps]==[200000,150000], ps
assert u in [x.upload_id for x in b.list_multipart_uploads().upload_list]
x=b.complete_multipart_upload('mp',u,[oss2.models.PartInfo(p.part_number,p.etag) for p in ps]); assert x.etag.endswith('-2'), x.etag
assert b.get_object('mp').read()==data[:200000]+data[:150000]
u=b.init_multipart_upload('mp2').upload_id; b.abort_multipart_upload('mp2',u)
def expect(cls,f):
    try: f()
    except cls as e: return e
    raise AssertionError('expected %s'%cls)
expect(oss2.exceptions.NoSuchUpload, lambda: b.abort_multipart_upload('mp2',u))
expect(oss2.exceptions.NoSuchKey, lambda: b.get_object('none'))
e=expect(oss2.exceptions.ServerError, lambda: b.put_object('a//b',b'')); assert e.code=='InvalidObjectName', e
e=expect(oss2.exceptions.ServerError, lambda: b.put_object('x',b'1',headers={'Content-MD5':'AAAAAAAAAAAAAAAAAAAAAA=='})); assert e.code=='BadDigest', e
e=expect(oss2.exceptions.ServerError, lambda: b.append_object('ap',0,b'1')); assert e.status==501, e
e=expect(oss2.exceptions.ServerError, lambda: b.delete_bucket()); assert e.code=='BucketNotEmpty', e
print(b.get_bucket_info().location, b.get_bucket_location().location, b.get_bucket_acl().acl); b.put_bucket_acl('private')
e=expect(oss2.exceptions.ServerError, lambda: b.put_bucket_acl('public-read')); assert e.status==501
bad=oss2.Bucket(oss2.Auth(kid,'x'),url,name); e=expect(oss2.exceptions.ServerError, lambda: bad.get_object('mp')); assert e.code=='SignatureDoesNotMatch'
expect(oss2.exceptions.NotModified, lambda: b.get_object('a/b.txt',headers={'If-None-Match':r.etag}))
assert b.put_object('empty', b'').status==200 and b.get_object('empty').read()==b''
keys=[o.key for o in oss2.ObjectIteratorV2(b)]
b.batch_delete_objects(keys[:3]); [b.delete_object(k) for k in keys[3:]]; b.delete_object('never')
assert list(oss2.ObjectIteratorV2(b))==[]
b.delete_bucket()
expect(oss2.exceptions.NoSuchBucket, lambda: b.get_object('x'))
print('ok',ver)

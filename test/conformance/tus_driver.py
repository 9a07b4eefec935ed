"""Uploads a file with tuspy: the first half, then a new client goes on from what the server says."""
import sys
from tusclient import client

url, path, chunk = sys.argv[1], sys.argv[2], int(sys.argv[3])

first = client.TusClient("http://unused.invalid/").uploader(path, url=url, chunk_size=chunk)
first.upload_chunk()
second = client.TusClient("http://unused.invalid/").uploader(path, url=url, chunk_size=chunk)
assert second.get_offset() == chunk, second.get_offset()
second.upload()
print(second.get_offset())

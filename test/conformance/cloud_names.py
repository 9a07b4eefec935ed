# Runs a program in a network of its own, in which the names of a hosts file are this machine and ports 80 and
# 443 lead through sockets of the file system to whoever listens there. Nothing else can be reached from it.
#
# unshare --user --map-root-user --net --mount python3 cloud_names.py HOSTS SOCKET-80 SOCKET-443 PROGRAM ARGUMENT…
import socket, subprocess, sys, threading

sys.dont_write_bytecode = True
from loopback import bring_loopback_up  # noqa: E402

hosts, *paths = sys.argv[1:4]


def pump(source, target):
    try:
        while chunk := source.recv(1 << 16):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            end.close()


def forward(port, path):
    listener = socket.create_server(('127.0.0.1', port))

    def serve():
        while True:
            client, _ = listener.accept()
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(path)
            for ends in ((client, upstream), (upstream, client)):
                threading.Thread(target=pump, args=ends, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()


bring_loopback_up()
subprocess.run(['mount', '--bind', hosts, '/etc/hosts'], check=True)
for port, path in zip((80, 443), paths):
    forward(port, path)
sys.exit(subprocess.run(sys.argv[4:]).returncode)

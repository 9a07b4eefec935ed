# Runs a program in a network of its own from which nothing can be reached but itself.
#
# unshare --user --map-root-user --net python3 no_route.py PROGRAM ARGUMENT…
import os, sys

sys.dont_write_bytecode = True
from loopback import bring_loopback_up  # noqa: E402

bring_loopback_up()
os.execvp(sys.argv[1], sys.argv[1:])

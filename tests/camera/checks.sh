# What a camera's tests check with: read by guest.sh and pipewire.sh, whose present folder the
# logs go to.

failures=0
check() { # NAME COMMAND…
    name=$1
    shift
    if "$@" > check.log 2>&1; then
        echo "passed: $name"
    else
        echo "FAILED: $name"
        sed 's/^/    /' check.log
        failures=$((failures + 1))
    fi
}
# Waits at most so many seconds for a command to succeed.
within() { # SECONDS COMMAND…
    left=$((5 * $1))
    shift
    until "$@" > within.log 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || { cat within.log; return 1; }
        sleep 0.2
    done
}
says() { # PATTERN FILE
    grep -q -- "$1" "$2" || { tail -n 5 "$2"; return 1; }
}

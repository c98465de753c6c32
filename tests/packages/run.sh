#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Runs inside the machine that `machine` has booted, as root: installs the packages in /shared and looks at what they
# do. Says of each thing "CHECK name: ok" or "CHECK name: what is wrong"; test_packages.py reads that. The daemons are in
# /shared/daemons.
set -u
read -ra daemons < /shared/daemons
units=("${daemons[@]/#/farol-}")
packages=("${units[@]}" farol-common)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

# check NAME COMMAND...: fine when it succeeds; what it prints says why it doesn't.
check() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then echo "CHECK $name: ok"; else echo "CHECK $name: ${said:-$*}" | tr '\n' ' '; echo; fi
}
each() { # each FUNCTION: for every daemon; all must succeed
    local daemon failed=0
    for daemon in "${daemons[@]}"; do "$@" "$daemon" || failed=1; done
    return $failed
}
same() { [ "$1" = "$2" ] || { echo "$3: $1, expected $2"; return 1; }; }
property() { systemctl show --property="$2" --value "farol-$1"; }
wait_active() {
    for _ in $(seq 100); do
        systemctl is-active --quiet "farol-$1" && return
        sleep 0.1
    done
    journalctl --no-pager -u "farol-$1" | tail -n 5
    return 1
}

install_all() { dpkg -i /shared/*.deb; }
is_ready() {
    wait_active "$1" && same "$(property "$1" Type)" notify "Type of $1" &&
        same "$(systemctl is-enabled "farol-$1")" enabled "farol-$1" && [ -s "/run/farol/$1/listeners.json" ]
}
runs_as_its_user() {
    local pid
    pid=$(property "$1" MainPID)
    same "$(ps_field "$pid" Uid)" "$(id -u "farol-$1")" "uid of $1" &&
        same "$(ps_field "$pid" CapEff)" 0000000000000000 "capabilities of $1" &&
        same "$(ps_field "$pid" NoNewPrivs)" 1 "NoNewPrivs of $1" && same "$(ps_field "$pid" Seccomp)" 2 "seccomp of $1"
}
ps_field() { awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status"; }
control_socket_is_for_its_group() {
    same "$(stat -c '%a %G' "/run/farol/$1/control.sock")" "660 farol" "control.sock of $1" &&
        same "$(stat -c '%a %G' "/run/farol/$1")" "750 farol" "/run/farol/$1"
}
secrets_are_closed() {
    same "$(stat -c '%a %U' "/etc/farol/tls/$1/key.pem")" "400 farol-$1" "key of $1" &&
        same "$(stat -c '%a %U' "/var/lib/farol/$1")" "700 farol-$1" "state of $1"
}
nothing_secret_is_readable() {
    local open
    same "$(stat -c '%a %U' /etc/farol/tls/ca.key)" "600 root" "key of the authority" || return 1
    open=$(find /etc/farol /var/lib/farol \( -name '*.key' -o -name 'key.pem' -o -name '*.mdb' \) -perm /077)
    [ -z "$open" ] || { echo "others can read $open"; return 1; }
}
only_loopback_listens() {
    local others
    others=$(ss -Hltn | awk '{ print $4 }' | grep -vE '^(127\.|\[::1\])' || true)
    [ -z "$others" ] || { echo "listens on $others"; return 1; }
    [ "$(ss -Hltn | wc -l)" -ge "${#daemons[@]}" ] || { echo "not all daemons listen"; return 1; }
}
certificate_fits_its_role() {
    openssl verify -CAfile /etc/farol/tls/ca.pem -purpose sslserver "/etc/farol/tls/$1/cert.pem" > /dev/null &&
        openssl x509 -in "/etc/farol/tls/$1/cert.pem" -noout -ext subjectAltName | grep -q "URI:farol://local/"
}
is_restarted_after_kill() {
    local before
    before=$(property "$1" MainPID)
    kill -9 "$before"
    for _ in $(seq 100); do
        [ "$(property "$1" NRestarts)" = 1 ] && systemctl is-active --quiet "farol-$1" && return
        sleep 0.1
    done
    echo "farol-$1 is $(systemctl is-active "farol-$1") after kill -9"
    return 1
}
reloads() { systemctl reload "farol-$1" && sleep 0.3 && wait_active "$1"; }
# A wrong key: refused with a sentence in the journal, and not tried again and again.
refuses_a_wrong_configuration() {
    mkdir -p "/etc/farol/conf.d/$1"
    echo 'no_such_key: 1' > "/etc/farol/conf.d/$1/wrong.yaml"
    if systemctl restart "farol-$1" 2>/dev/null; then echo "farol-$1 starts"; return 1; fi
    rm -r /etc/farol/conf.d
    same "$(property "$1" ExecMainStatus)" 78 "exit status of $1" || return 1
    same "$(property "$1" NRestarts)" 0 "restarts of $1" || return 1
    journalctl --sync
    journalctl --no-pager -o cat -u "farol-$1" | grep -q 'wrong.yaml:1: no_such_key: unknown key' ||
        { echo "the journal doesn't say what is wrong"; return 1; }
    systemctl reset-failed "farol-$1" && systemctl start "farol-$1"
}
hung_is_ended_by_watchdog() {
    local one=farol-${daemons[0]} before
    mkdir -p "/run/systemd/system/$one.service.d"
    printf '[Service]\nWatchdogSec=1\n' > "/run/systemd/system/$one.service.d/quick.conf"
    systemctl daemon-reload && systemctl restart "$one" || return 1
    before=$(property "${daemons[0]}" MainPID)
    kill -STOP "$before"
    for _ in $(seq 100); do
        if [ "$(property "${daemons[0]}" MainPID)" != "$before" ] && systemctl is-active --quiet "$one"; then
            rm -r "/run/systemd/system/$one.service.d"
            systemctl daemon-reload && systemctl restart "$one"
            return
        fi
        sleep 0.1
    done
    echo "$one still hangs"
    return 1
}
stops_cleanly() {
    same "$(systemctl is-active "farol-$1")" inactive "farol-$1" && same "$(property "$1" Result)" success "result of $1" &&
        same "$(property "$1" ExecMainStatus)" 0 "exit status of $1"
}
port_443_is_off() {
    local unit
    for unit in /lib/systemd/system/farol-*-https.socket; do
        same "$(systemctl is-enabled "$(basename "$unit")")" disabled "$unit" || return 1
    done
}
upgrade_keeps_authority_and_changes() {
    local before after
    before=$(cat /etc/farol/tls/ca.pem /etc/farol/tls/*/cert.pem | sha256sum)
    echo '# changed here' >> "/etc/farol/${daemons[0]}.yaml"
    dpkg -i /shared/*.deb || return 1
    after=$(cat /etc/farol/tls/ca.pem /etc/farol/tls/*/cert.pem | sha256sum)
    same "$after" "$before" certificates && grep -q 'changed here' "/etc/farol/${daemons[0]}.yaml" && each wait_active
}
state_is_kept_by_removal() {
    dpkg -r "${packages[@]}" && [ -d "/var/lib/farol/${daemons[0]}" ] && [ -e "/etc/farol/${daemons[0]}.yaml" ] &&
        [ -e /etc/farol/tls/ca.key ]
}
purge_leaves_nothing() {
    local left
    dpkg -P "${packages[@]}" || return 1
    left=$(find / -xdev \( -path /shared -o -path /run/systemd -o -path /var/log \) -prune -o -name '*farol*' -print)
    [ -z "$left" ] || { echo "left: $left"; return 1; }
    for unit in "${units[@]}"; do
        same "$(systemctl show --property=LoadState --value "$unit")" not-found "$unit" || return 1
    done
}

ip link set lo up
check "the machine is up" systemctl is-system-running --wait
check "the packages install" install_all
check "every daemon is ready and enabled" each is_ready
check "farol.target is up" systemctl is-active --quiet farol.target
check "each runs as its own user, without rights" each runs_as_its_user
check "control sockets are for the group farol" each control_socket_is_for_its_group
check "keys and state are the daemon's alone" each secrets_are_closed
check "nothing secret can be read by others" nothing_secret_is_readable
check "only loopback listens" only_loopback_listens
check "port 443 is off until somebody enables it" port_443_is_off
check "certificates carry the site and role" each certificate_fits_its_role
[ ! -e /usr/bin/farolctl ] || check "farolctl speaks to them" farolctl status
check "reload is taken" each reloads
check "killed daemons come back" each is_restarted_after_kill
check "a hung daemon is ended by the watchdog" hung_is_ended_by_watchdog
check "a wrong configuration is refused once, with a sentence" each refuses_a_wrong_configuration
check "an upgrade keeps certificates and edited files" upgrade_keeps_authority_and_changes
systemctl stop farol.target
check "all stop cleanly with the target" each stops_cleanly
systemctl start farol.target "${units[@]}"
check "all start again" each wait_active
check "removal keeps state and configuration" state_is_kept_by_removal
check "purge leaves nothing" purge_leaves_nothing
echo "CHECK end: ok"

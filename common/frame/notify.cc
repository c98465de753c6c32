// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/notify.h"

#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <memory>

namespace frame::notify {
namespace {

// Fails only when nobody listens, which is no reason to stop working.
void send(const std::string& message) { (void)sd_notify(0, message.c_str()); }

std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return text;
}

}  // namespace

void ready(const std::string& status) { send("READY=1\nSTATUS=" + one_line(status)); }
void status(const std::string& text) { send("STATUS=" + one_line(text)); }
void reloading(base::Ticks now) {
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.time_since_epoch().count()));
}
void stopping() { send("STOPPING=1\nSTATUS=draining"); }
void watchdog() { send("WATCHDOG=1"); }

std::optional<std::chrono::microseconds> watchdog_interval() {
    uint64_t interval = 0;
    if (sd_watchdog_enabled(0, &interval) <= 0) return std::nullopt;
    return std::chrono::microseconds{interval};
}

std::multimap<std::string, base::Fd> take_sockets() {
    std::multimap<std::string, base::Fd> sockets;
    char** names = nullptr;
    const int count = sd_listen_fds_with_names(1, &names);
    for (int i = 0; i < count; ++i) {
        sockets.emplace(names[i], base::Fd(SD_LISTEN_FDS_START + i));
        std::free(names[i]);  // NOLINT(cppcoreguidelines-no-malloc): libsystemd's rule
    }
    std::free(names);
    return sockets;
}

}  // namespace frame::notify

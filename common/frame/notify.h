// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What systemd is told, and what it hands over. Without systemd (no NOTIFY_SOCKET, no LISTEN_FDS) all of it
// does nothing.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "common/base/fd.h"
#include "common/time/clock.h"

namespace frame::notify {

void ready(const std::string& status);
void status(const std::string& text);
void reloading(base::Ticks now);
void stopping();
void watchdog();

// How often systemd wants to hear watchdog(); none: it doesn't.
std::optional<std::chrono::microseconds> watchdog_interval();

// Listening sockets that systemd passed, by their FileDescriptorName=. To be called once.
std::multimap<std::string, base::Fd> take_sockets();

}  // namespace frame::notify

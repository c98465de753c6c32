// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/sctp.h"

#include "common/net/sctp_kernel.h"
#include "common/net/sctp_userland.h"

namespace net {

std::string_view to_string(SctpTransport transport) {
    switch (transport) {
        case SctpTransport::kAuto:
            return "auto";
        case SctpTransport::kKernel:
            return "kernel";
        case SctpTransport::kUserland:
            return "userland";
    }
    return "unknown";
}

std::optional<SctpTransport> sctp_transport_from(std::string_view name) {
    for (const auto one : {SctpTransport::kAuto, SctpTransport::kKernel, SctpTransport::kUserland})
        if (name == to_string(one)) return one;
    return std::nullopt;
}

std::string_view to_string(SctpPathState state) {
    switch (state) {
        case SctpPathState::kActive:
            return "active";
        case SctpPathState::kPotentiallyFailed:
            return "potentially failed";
        case SctpPathState::kInactive:
            return "inactive";
        case SctpPathState::kUnconfirmed:
            return "unconfirmed";
        case SctpPathState::kRemoved:
            return "removed";
    }
    return "unknown";
}

base::Result<std::unique_ptr<Sctp>> Sctp::create(loop::Loop& loop, const Settings& settings) {
    if (settings.transport == SctpTransport::kUserland) return create_sctp_userland(loop, settings);
    auto kernel = create_sctp_kernel(loop, settings);
    if (kernel || settings.transport == SctpTransport::kKernel) return kernel;
    auto userland = create_sctp_userland(loop, settings);
    if (!userland) return userland.error().within(kernel.error().text + "; and in userland");
    return userland;
}

}  // namespace net

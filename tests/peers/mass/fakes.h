// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Peers that do as a healthy one does and no more, many in one process, for benches. They listen on
// 127.0.0.1 and use our own codecs: they measure, they don't judge (tests/peers has those that judge).
//
// Loop thread only. What they cannot do ends the program with the reason on standard error.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/loop/loop.h"
#include "common/net/sctp.h"

namespace mass {

enum class Verb { kWritten, kStopped };
// A peer was asked to write or to stop the warning of that serial number, and has answered.
using OnAsked = std::function<void(Verb, uint16_t serial)>;

class Fake {
 public:
    virtual ~Fake() = default;
    virtual uint16_t port() const = 0;
    virtual bool ready() const = 0;  // the centre is connected and has set up what it wants
    // Tells of so many cells, one a message, that the warning is on the air there; peers that cannot:
    // nothing.
    virtual void indicate(uint16_t /*serial*/, int /*messages*/) {}
};
using FakePtr = std::unique_ptr<Fake>;

[[noreturn]] void give_up(const std::string& why);

FakePtr fake_bsc(loop::Loop& loop, OnAsked asked);
FakePtr fake_amf(loop::Loop& loop, OnAsked asked);
// sctp outlives it. The association's port is the system's choice.
FakePtr fake_mme(net::Sctp& sctp, OnAsked asked);

}  // namespace mass

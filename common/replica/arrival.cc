// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/arrival.h"

#include <utility>

namespace replica {
namespace {

constexpr std::chrono::milliseconds kLastWords{1'000};  // for a refusal to leave

}  // namespace

Arrival::Arrival(Owner owner, net::TlsListener::Accepted accepted)
    : owner_(std::move(owner)),
      peer_(std::move(accepted.peer)),
      remote_(accepted.stream->remote()),
      frames_(std::make_unique<FrameStream>(std::move(accepted.stream), kIntroductionOctetsMax)) {
    deadline_ = owner_.context.loop.after(owner_.context.limits.connect_timeout, [this] {
        refused_ = "no hello in time";
        gone();
    });
    frames_->start({.on_frame = [this](const Frame& frame) { introduced(frame); },
                    .on_closed =
                        [this](const std::string& why) {
                            if (refused_.empty()) refused_ = "before its hello: " + why;
                            gone();
                        },
                    .on_drained =
                        [this] {
                            if (!refused_.empty()) gone();
                        }});
}

base::Result<void> Arrival::check(const Hello& hello) {
    if (hello.version != kLinkVersion)
        return base::refused("version " + std::to_string(hello.version) + " is not spoken here, only " +
                             std::to_string(kLinkVersion));
    if (auto ours = check_peer(owner_.context.self, peer_, ""); !ours) return ours;
    if (hello.node != peer_.identity.node)
        return base::refused("it says that it is node \"" + hello.node.substr(0, 32) +
                             "\", its certificate says " + peer_.identity.node);
    return owner_.judge(hello.node, hello.purpose);
}

void Arrival::introduced(const Frame& frame) {
    if (!refused_.empty()) return;
    const auto* hello = std::get_if<Hello>(&frame);
    if (hello == nullptr) return refuse("it began with something else than hello");
    if (const auto taken = check(*hello); !taken) return refuse(taken.error().text);
    const Purpose purpose = hello->purpose;
    frames_->send(Welcome{});
    auto rest = frames_->release();
    const Vintage vintage = owner_.context.vintage(peer_);
    const auto welcomed = std::move(owner_.welcomed);
    welcomed(Connection{std::move(rest.stream), std::move(rest.early), peer_.identity.node, vintage},
             purpose);
}

void Arrival::refuse(const std::string& why) {
    refused_ = why;
    frames_->send(Refusal{why});
    deadline_ = owner_.context.loop.after(kLastWords, [this] { gone(); });
}

void Arrival::gone() {
    const auto refused = std::move(owner_.refused);
    refused(std::string(refused_));
}

}  // namespace replica

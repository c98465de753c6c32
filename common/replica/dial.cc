// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/dial.h"

#include <utility>

namespace replica {

using base::ErrorKind;

base::Result<void> check_peer(const tls::Identity& self, const net::TlsPeer& peer, const NodeName& node) {
    const tls::Identity& theirs = peer.identity;
    if (theirs.site != self.site || theirs.role != self.role || (!node.empty() && theirs.node != node))
        return base::refused("its certificate is " + theirs.uri + ", not farol://" + self.site + "/" +
                             self.role + "/" + (node.empty() ? "<node>" : node));
    if (peer.protocol != kLinkProtocol)
        return base::refused("it does not speak " + std::string(kLinkProtocol));
    return {};
}

Dial::Dial(LinkContext& context, Target target, OnDone on_done)
    : context_(context), target_(std::move(target)), on_done_(std::move(on_done)) {
    auto stream = net::connect_tls(context_.loop, target_.endpoint, *context_.client, context_.limits,
                                   [this](const net::TlsPeer& peer) {
                                       peer_ = peer;
                                       return check_peer(context_.self, peer, target_.node);
                                   });
    if (!stream) {
        deadline_ = context_.loop.after(std::chrono::microseconds{0},
                                        [this, error = stream.error()] { failed(error.kind, error.text); });
        return;
    }
    vintage_.generation = context_.generation;  // the certificate is chosen now
    stream_ = std::move(*stream);
    stream_->start({.on_open = [this] { opened(); },
                    .on_octets = nullptr,
                    .on_closed =
                        [this](net::CloseReason reason) {
                            failed(ErrorKind::kUnavailable, net::describe(reason, stream_->detail()));
                        }});
}

void Dial::opened() {
    const Generation generation = vintage_.generation;
    vintage_ = context_.vintage(*peer_);
    vintage_.generation = generation;
    deadline_ = context_.loop.after(context_.limits.connect_timeout,
                                    [this] { failed(ErrorKind::kUnavailable, "no welcome in time"); });
    frames_ = std::make_unique<FrameStream>(std::move(stream_), kIntroductionOctetsMax);
    frames_->start({.on_frame = [this](Frame frame) { answered(std::move(frame)); },
                    .on_closed =
                        [this](const std::string& why) {
                            failed(ErrorKind::kUnavailable, "before its welcome: " + why);
                        }});
    frames_->send(Hello{kLinkVersion, target_.purpose, context_.self.node});
}

void Dial::answered(Frame frame) {
    if (const auto* refusal = std::get_if<Refusal>(&frame))
        return failed(ErrorKind::kRefused, "it refused: " + refusal->why);
    const auto* welcome = std::get_if<Welcome>(&frame);
    if (welcome == nullptr || welcome->version != kLinkVersion)
        return failed(ErrorKind::kCorrupt, "it answered hello with something else than welcome");
    auto rest = frames_->release();
    done(Connection{std::move(rest.stream), std::move(rest.early), peer_->identity.node, vintage_});
}

void Dial::failed(ErrorKind kind, const std::string& why) {
    done(base::Error{kind, target_.endpoint.text() + ": " + why});
}

void Dial::done(base::Result<Connection> result) {
    const auto on_done = std::move(on_done_);
    on_done(std::move(result));
}

}  // namespace replica

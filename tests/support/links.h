// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A few nodes with their links, all on one loop, over loopback and with certificates of one authority.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/net/tcp.h"
#include "common/net/tls_stream.h"
#include "common/replica/frames.h"
#include "common/replica/links.h"
#include "tests/support/certs.h"

namespace test {

using Answered = std::optional<base::Result<base::Bytes>>;

// One end of a stream of the log, as its user would read and write it.
class StreamEnd {
 public:
    StreamEnd(loop::Loop& loop, base::Fd fd);
    void write(base::ByteView octets);
    void pause();
    void resume();
    void close();
    const base::Bytes& heard() const { return state_->heard; }
    bool closed() const { return state_->closed; }
    size_t unsent() const { return state_->stream ? state_->stream->unsent() : 0; }

 private:
    struct State {
        net::StreamPtr stream;
        base::Bytes heard;
        bool closed = false;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

// A peer that says what the test wants: TLS and frames without anything that keeps it honest.
class RawPeer {
 public:
    RawPeer(loop::Loop& loop, const tls::Files& files, const net::Endpoint& where,
            tls::Protocols protocols = {"farol-links"});
    void send(const replica::Frame& frame);
    void send_octets(base::ByteView octets);
    bool open() const { return state_->open; }
    bool closed() const { return !state_->why.empty(); }
    const std::string& why() const { return state_->why; }
    const std::vector<replica::Frame>& frames() const { return state_->frames; }
    const std::optional<net::TlsPeer>& peer() const { return state_->peer; }

 private:
    struct State {
        net::StreamPtr stream;
        replica::FrameReader reader{replica::kFrameOctetsMax};
        std::optional<net::TlsPeer> peer;
        bool open = false;
        std::string why;
        std::vector<replica::Frame> frames;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

class Cluster {
 public:
    explicit Cluster(std::string role = "ocs");
    ~Cluster();

    // Starts a node on a free port; every one of them is known to all after acquaint().
    replica::Links& add(const std::string& node);
    replica::Links& add(const std::string& node, tls::Files files);
    replica::Links& add_at(const std::string& node, const net::Endpoint& where);
    replica::Links& node(const std::string& node) { return *nodes_.at(node); }
    void remove(const std::string& node) { nodes_.erase(node); }
    std::vector<replica::NodeAddress> addresses() const;
    void acquaint();
    void wait_until_connected(const std::string& from, const std::string& to);

    // Runs the loop until the answer is there.
    Answered call(const std::string& from, const std::string& to, const std::string& kind,
                  base::Bytes request, std::chrono::milliseconds deadline = std::chrono::seconds{10});
    std::pair<StreamEnd, StreamEnd> stream(const std::string& from, const std::string& to);
    // What the links of `from` say about `to`; all empty when they don't know it.
    replica::Links::Peer peer(const std::string& from, const std::string& to);
    std::string last_error(const std::string& from, const std::string& to) {
        return peer(from, to).last_error;
    }
    base::Bytes read(StreamEnd& end, size_t octets);

    void run(const std::function<bool()>& is_done);
    void pass(std::chrono::milliseconds time);

    loop::Loop& loop() { return *loop_; }
    Certs& certs() { return certs_; }
    const std::string& role() const { return role_; }
    // For what is added after it was set.
    std::chrono::milliseconds dead_after{5'000};
    std::chrono::milliseconds step_timeout{5'000};
    std::chrono::milliseconds renew_within{50'000};

 private:
    replica::Links& open(const std::string& node, tls::Files files, const net::Endpoint& where);

    std::string role_;
    Certs certs_;
    std::unique_ptr<loop::Loop> loop_;
    std::map<std::string, std::unique_ptr<replica::Links>> nodes_;
    std::map<std::string, std::optional<StreamEnd>> arrived_;  // "from>to": the newest
};

}  // namespace test

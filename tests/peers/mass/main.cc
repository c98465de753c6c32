// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Many fake peers in one process, so that what they cost is apart from what cbcd costs.
//
//     peer_mass MMES AMFS BSCS UDP_PORT      UDP_PORT: where the MMEs take SCTP in UDP
//
// It says what it does on standard output, a line each; times are CLOCK_MONOTONIC in microseconds.
//
//     ports mme 40001,40002,... amf ... bsc ...
//     ready                       every peer has been connected to, and set up
//     written SERIAL FIRST LAST   every peer has been asked to write that serial number: the first, the last
//     stopped SERIAL FIRST LAST
//
// It is told on standard input `indicate SERIAL COUNT`: every MME sends COUNT indications, each of another
// cell. The end of the input ends it.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <sstream>
#include <vector>

#include "tests/peers/mass/fakes.h"

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kPeersMax = 2'000;
constexpr auto kLookForReady = 10ms;

int64_t microseconds(Steady::time_point when) {
    return std::chrono::duration_cast<std::chrono::microseconds>(when.time_since_epoch()).count();
}

// Counts who was asked what; a peer that is asked twice counts once.
class Tally {
 public:
    explicit Tally(size_t peers) : peers_(peers) {}

    void note(mass::Verb verb, uint16_t serial, size_t peer) {
        Row& row = rows_[{verb, serial}];
        if (row.asked.empty()) {
            row.asked.resize(peers_);
            row.first = Steady::now();
        }
        if (row.asked[peer]) return;
        row.asked[peer] = true;
        if (++row.count < peers_) return;
        std::printf("%s %u %lld %lld\n", verb == mass::Verb::kWritten ? "written" : "stopped", serial,
                    static_cast<long long>(microseconds(row.first)),
                    static_cast<long long>(microseconds(Steady::now())));
    }

 private:
    struct Row {
        std::vector<bool> asked;
        size_t count = 0;
        Steady::time_point first;
    };
    size_t peers_;
    std::map<std::pair<mass::Verb, uint16_t>, Row> rows_;
};

class Mass {
 public:
    Mass(loop::Loop& loop, net::Sctp* sctp, size_t mmes, size_t amfs, size_t bscs)
        : loop_(loop), tally_(mmes + amfs + bscs) {
        std::printf("ports");
        add("mme", mmes, [sctp](mass::OnAsked asked) { return mass::fake_mme(*sctp, std::move(asked)); });
        add("amf", amfs, [&loop](mass::OnAsked asked) { return mass::fake_amf(loop, std::move(asked)); });
        add("bsc", bscs, [&loop](mass::OnAsked asked) { return mass::fake_bsc(loop, std::move(asked)); });
        std::printf("\n");
        look_ = loop_.every(kLookForReady, [this] { look_for_ready(); });
        fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
        input_ = loop_.watch(STDIN_FILENO, loop::Interest::kRead, [this](loop::Readiness) { hear(); });
    }

 private:
    void add(const char* kind, size_t count, const std::function<mass::FakePtr(mass::OnAsked)>& make) {
        for (size_t number = 0; number < count; ++number) {
            const size_t peer = peers_.size();
            peers_.push_back(
                make([this, peer](mass::Verb verb, uint16_t serial) { tally_.note(verb, serial, peer); }));
            if (number == 0) std::printf(" %s ", kind);
            std::printf("%s%u", number == 0 ? "" : ",", peers_.back()->port());
        }
    }

    void look_for_ready() {
        if (!std::all_of(peers_.begin(), peers_.end(), [](const auto& one) { return one->ready(); })) return;
        std::printf("ready\n");
        look_.reset();
    }

    void hear() {
        char octets[4096];
        const ssize_t count = read(STDIN_FILENO, octets, sizeof octets);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count <= 0) return loop_.stop();
        heard_.append(octets, static_cast<size_t>(count));
        for (size_t end; (end = heard_.find('\n')) != std::string::npos; heard_.erase(0, end + 1))
            obey(heard_.substr(0, end));
    }

    void obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        uint16_t serial = 0;
        int count = 0;
        if (!(words >> verb >> serial >> count) || verb != "indicate")
            mass::give_up("not understood: " + line);
        for (const auto& peer : peers_) peer->indicate(serial, count);
    }

    loop::Loop& loop_;  // outlives this
    Tally tally_;
    std::vector<mass::FakePtr> peers_;
    loop::HandlePtr look_, input_;
    std::string heard_;
};

size_t number(const char* word, size_t most) {
    size_t value = 0;
    const std::string_view text = word;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (error != std::errc{} || end != text.end() || value > most)
        mass::give_up("not a number up to " + std::to_string(most) + ": " + word);
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (argc != 5) mass::give_up("usage: peer_mass MMES AMFS BSCS UDP_PORT");
    const size_t mmes = number(argv[1], kPeersMax), amfs = number(argv[2], kPeersMax),
                 bscs = number(argv[3], kPeersMax), udp_port = number(argv[4], 65'535);
    auto loop = loop::Loop::create();
    if (!loop) mass::give_up(loop.error().text);
    std::unique_ptr<net::Sctp> sctp;
    if (mmes > 0) {
        auto made =
            net::Sctp::create(**loop, {net::SctpTransport::kUserland, static_cast<uint16_t>(udp_port)});
        if (!made) mass::give_up(made.error().text);
        sctp = std::move(*made);
    }
    Mass peers(**loop, sctp.get(), mmes, amfs, bscs);
    (*loop)->run();
    return 0;
}

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One end of SCTP associations, driven by lines on standard input; it tells what happens on standard output.
//
//     sctp_pipe TRANSPORT UDP_PORT          auto, kernel, userland; 0: no SCTP in UDP
//
//     listen PORT HOSTS                         "listening PORT"; HOSTS with commas, "-" for all
//     connect PORT HOSTS LOCAL_HOSTS UDP_PORT [LOCAL_PORT]
//                                               lines below speak to this association, or one accepted
//     send STREAM PPID SIZE [COUNT]             a pattern of SIZE octets; "sent" or "not sent"
//     octets STREAM PPID HEX                    these; "not sent" if so
//     echo on|off                               what comes is sent back
//     show on|off                               what comes is told in full
//     read on|off
//     paths, figures
//     shutdown, drop                            drop is an abort
//     die                                       as by kill -9
//
// Told: up, message STREAM PPID SIZE right|wrong (against the pattern), octets STREAM PPID HEX (after show
// on), path HOST STATE primary|other, drained, closed REASON.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "common/net/sctp.h"

namespace {

using namespace std::chrono_literals;

// Quick, so that a path that is cut is found so within two or three seconds.
net::SctpSettings quick(uint16_t udp_port) {
    net::SctpSettings settings;
    settings.heartbeat = 300ms;
    settings.rto_initial = 300ms;
    settings.rto_min = 100ms;
    settings.rto_max = 500ms;
    settings.path_retransmissions = 2;
    settings.association_retransmissions = 30;  // a loaded machine may stand still for seconds
    settings.init_timeout = 30s;
    settings.send_timeout = 15s;
    settings.unsent_octets = 64 * 1024 * 1024;
    settings.udp_port = udp_port;
    return settings;
}

base::Bytes pattern(size_t size) {
    base::Bytes octets(size);
    for (size_t at = 0; at < size; ++at) octets[at] = static_cast<uint8_t>(at * 31 + at / 251);
    return octets;
}

std::vector<std::string> hosts_of(const std::string& list) {
    std::vector<std::string> hosts;
    std::istringstream in(list == "-" ? "" : list);
    for (std::string one; std::getline(in, one, ',');) hosts.push_back(one);
    return hosts;
}

std::string text_of(const std::vector<net::Endpoint>& all) {
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ",") + one.text();
    return text;
}

void tell(const std::string& line) { std::cout << line + "\n" << std::flush; }

void tell_path(const net::SctpPath& path) {
    std::string state(net::to_string(path.state));
    for (char& one : state)
        if (one == ' ') one = '-';
    tell("path " + path.host + " " + state + (path.primary ? " primary" : " other"));
}

class Pipe {
 public:
    Pipe(loop::Loop& loop, std::unique_ptr<net::Sctp> sctp) : loop_(loop), sctp_(std::move(sctp)) {
        fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
        input_ = loop_.watch(STDIN_FILENO, loop::Interest::kRead, [this](loop::Readiness) { hear(); });
        tell("ready " + std::string(net::to_string(sctp_->transport())));
    }

 private:
    void hear() {
        char octets[4096];
        const ssize_t count = read(STDIN_FILENO, octets, sizeof octets);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count <= 0) return loop_.stop();
        heard_.append(octets, static_cast<size_t>(count));
        for (size_t end; (end = heard_.find('\n')) != std::string::npos;) {
            const std::string line = heard_.substr(0, end);
            heard_.erase(0, end + 1);
            obey(line);
        }
    }

    void obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        if (verb == "listen") return listen(words);
        if (verb == "connect") return connect(words);
        if (verb == "die") std::raise(SIGKILL);
        if (verb == "drop") return drop();
        if (verb == "echo") return switch_to(echoes_, words);
        if (verb == "show") return switch_to(shows_, words);
        if (!association_) return tell("no association");
        if (verb == "send") return send(words);
        if (verb == "octets") return send_octets(words);
        if (verb == "shutdown") return association_->shut_down();
        if (verb == "paths") {
            for (const auto& path : association_->paths()) tell_path(path);
            return tell("end");
        }
        if (verb == "figures") {
            const auto figures = association_->figures();
            return tell("figures in " + std::to_string(figures.messages_in) + " out " +
                        std::to_string(figures.messages_out) + " unsent " +
                        std::to_string(association_->unsent()) + " retransmissions " +
                        std::to_string(sctp_->retransmissions()));
        }
        std::string switched;
        words >> switched;
        if (verb == "read") association_->read(switched == "on" ? net::Reading::kOn : net::Reading::kPaused);
    }

    void listen(std::istringstream& words) {
        uint16_t port = 0;
        std::string hosts;
        words >> port >> hosts;
        auto made = sctp_->listen({hosts_of(hosts), port}, quick(0),
                                  [this](net::SctpAssociationPtr one) { start(std::move(one)); });
        if (!made) return tell("failed " + made.error().text);
        listener_ = std::move(*made);
        tell("listening " + std::to_string(listener_->bound().port));
    }

    void connect(std::istringstream& words) {
        uint16_t port = 0, udp_port = 0, local_port = 0;
        std::string hosts, local;
        words >> port >> hosts >> local >> udp_port;
        if (uint16_t more = 0; words >> more) local_port = more;
        auto made = sctp_->connect({hosts_of(local), local_port}, {hosts_of(hosts), port}, quick(udp_port));
        if (!made) return tell("failed " + made.error().text);
        start(std::move(*made));
    }

    void start(net::SctpAssociationPtr one) {
        association_ = std::move(one);
        association_->start({.on_up =
                                 [](const net::SctpUp& up) {
                                     tell("up remote " + text_of(up.remote) + " local " + text_of(up.local) +
                                          " streams " + std::to_string(up.streams_in) + " " +
                                          std::to_string(up.streams_out) +
                                          (up.restarted ? " restarted" : ""));
                                 },
                             .on_message = [this](const net::SctpMessage& message) { take(message); },
                             .on_path = tell_path,
                             .on_closed =
                                 [this](net::CloseReason reason) {
                                     tell("closed " + net::describe(reason, association_->detail()));
                                     association_.reset();
                                 },
                             .on_drained = [] { tell("drained"); }});
    }

    void take(const net::SctpMessage& message) {
        if (shows_)
            return tell("octets " + std::to_string(message.stream) + " " + std::to_string(message.ppid) +
                        " " + base::to_hex(message.octets));
        const base::Bytes right = pattern(message.octets.size());
        const bool same = std::equal(right.begin(), right.end(), message.octets.begin());
        tell("message " + std::to_string(message.stream) + " " + std::to_string(message.ppid) + " " +
             std::to_string(message.octets.size()) + (same ? " right" : " wrong"));
        if (echoes_) (void)association_->send(message);
    }

    void send(std::istringstream& words) {
        uint16_t stream = 0;
        uint32_t ppid = 0;
        size_t size = 0;
        int count = 1;
        words >> stream >> ppid >> size;
        if (int more = 0; words >> more) count = more;
        const base::Bytes octets = pattern(size);
        for (int number = 0; number < count; ++number)
            if (association_->send({stream, ppid, octets}) != net::Sent::kQueued) return tell("not sent");
        tell("sent");
    }

    void send_octets(std::istringstream& words) {
        uint16_t stream = 0;
        uint32_t ppid = 0;
        std::string hex;
        words >> stream >> ppid >> hex;
        const auto octets = base::from_hex(hex);
        if (!octets || association_->send({stream, ppid, *octets}) != net::Sent::kQueued) tell("not sent");
    }

    static void switch_to(bool& what, std::istringstream& words) {
        std::string switched;
        words >> switched;
        what = switched == "on";
    }

    void drop() {
        association_.reset();
        tell("dropped");
    }

    loop::Loop& loop_;  // outlives this
    std::unique_ptr<net::Sctp> sctp_;
    loop::HandlePtr input_;
    std::string heard_;
    bool echoes_ = false;
    bool shows_ = false;  // instead of comparing and echoing
    net::SctpListenerPtr listener_;
    net::SctpAssociationPtr association_;
};

}  // namespace

int main(int argc, char** argv) {
    const auto transport = argc == 3 ? net::sctp_transport_from(argv[1]) : std::nullopt;
    if (!transport) {
        std::cerr << "usage: sctp_pipe auto|kernel|userland UDP_PORT\n";
        return 2;
    }
    auto loop = loop::Loop::create();
    if (!loop) return 1;
    auto sctp = net::Sctp::create(**loop, {*transport, static_cast<uint16_t>(std::atoi(argv[2]))});
    if (!sctp) {
        tell("failed " + sctp.error().text);
        return 1;
    }
    Pipe pipe(**loop, std::move(*sctp));
    (*loop)->run();
    return 0;
}

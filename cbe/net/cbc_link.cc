// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/net/cbc_link.h"

namespace cbe {

using namespace std::chrono_literals;

namespace {

constexpr auto kListenAgain = 2s;

}  // namespace

CbcLink::CbcLink(Parts parts, CbcAddress address, logs::Log log)
    : parts_(parts), address_(std::move(address)), log_(log.with({{"cbc", address_.name}})) {
    status_.name = address_.name;
}

http::ClientRequest CbcLink::request(http::Method method, const std::string& path) const {
    http::ClientRequest made;
    made.method = method;
    made.url = address_.url + path;
    made.server_role = "cbc";
    return made;
}

void CbcLink::start() { listen(); }

void CbcLink::stop_listening() {
    stream_.reset();
    retry_.reset();
}

void CbcLink::listen() {
    retry_.reset();
    stream_ = parts_.client.stream(
        request(http::Method::kGet, "/events"),
        [this](std::string_view event, std::string_view data, std::string_view) { on_event(event, data); },
        [this](const base::Error& error) {
            enter(CbcState::kDown, error.text);
            retry_ = parts_.timers.after(kListenAgain, [this] { listen(); });
        });
}

void CbcLink::on_event(std::string_view event, std::string_view data) {
    if (event == "hello") {
        enter(CbcState::kUp, "");
        read_peers();
        for (const AlertId& id : parts_.listener.watched()) refresh(id);
    } else if (event == "peer") {
        read_peers();
    } else if (event == "alert") {
        if (const auto id = parse_alert_event(data))
            refresh(*id);
        else
            log_.warning("cbc.event.invalid", {{"error", id.error().text}});
    }
}

void CbcLink::read_peers() {
    parts_.client.call(request(http::Method::kGet, "/peers"),
                       [this](const base::Result<http::Response>& response) {
                           if (!response || response->status != 200)
                               return;  // the stream says when the link is down
                           auto peers = parse_peers(response->body);
                           if (!peers)
                               return log_.warning("cbc.peers.invalid", {{"error", peers.error().text}});
                           if (*peers == status_.peers) return;
                           status_.peers = *std::move(peers);
                           parts_.listener.link_changed(status_);
                       });
}

void CbcLink::enter(CbcState state, std::string text) {
    if (status_.state == state && status_.text == text) return;
    if (status_.state != state) {
        status_.since = parts_.clock.now();
        if (state == CbcState::kUp)
            log_.notice("cbc.link.up");
        else
            log_.warning("cbc.link.down", {{"error", text}});
    }
    status_.state = state;
    status_.text = std::move(text);
    if (state == CbcState::kDown) status_.peers.clear();
    parts_.listener.link_changed(status_);
}

void CbcLink::send(const std::string& body, OnAnswer on_answer) {
    http::ClientRequest made = request(http::Method::kPost, "/alerts/send");
    made.headers.emplace_back("Content-Type", "application/json");
    made.body = body;
    parts_.client.call(std::move(made),
                       [on_answer = std::move(on_answer)](const base::Result<http::Response>& response) {
                           on_answer(judge(response, Request::kSend));
                       });
}

void CbcLink::stop(const AlertId& id, const std::string& body, OnAnswer on_answer) {
    http::ClientRequest made = request(http::Method::kPost, "/alerts/" + id.text() + "/stop");
    made.headers.emplace_back("Content-Type", "application/json");
    made.body = body;
    parts_.client.call(std::move(made),
                       [on_answer = std::move(on_answer)](const base::Result<http::Response>& response) {
                           on_answer(judge(response, Request::kStop));
                       });
}

void CbcLink::refresh(const AlertId& id) {
    if (!reading_.insert(id).second) {
        read_again_.insert(id);
        return;
    }
    parts_.client.call(request(http::Method::kGet, "/alerts/" + id.text()),
                       [this, id](const base::Result<http::Response>& response) {
                           if (!response || response->status != 200)
                               return read(id);  // not sent there yet, or the link is down
                           auto answer = parse_alert(response->body, address_.name);
                           if (!answer) return cannot_read(id, answer.error());
                           go_on(id, std::move(answer->delivery), answer->next_cells);
                       });
}

// The pages of a large alert are read one after another; what they say is told at once.
void CbcLink::go_on(const AlertId& id, CbcDelivery delivery, const std::string& next) {
    if (next.empty()) {
        parts_.listener.heard(id, delivery);
        return read(id);
    }
    const std::string path = "/alerts/" + id.text() + "/cells?limit=10000&after=" + next;
    parts_.client.call(
        request(http::Method::kGet, path),
        [this, id, delivery = std::move(delivery)](const base::Result<http::Response>& response) mutable {
            if (!response || response->status != 200) return read(id);
            const auto after = add_cells(response->body, delivery);
            if (!after) return cannot_read(id, after.error());
            go_on(id, std::move(delivery), *after);
        });
}

void CbcLink::cannot_read(const AlertId& id, const base::Error& why) {
    log_.warning("cbc.alert.invalid", {{"error", why.text}});
    read(id);
}

void CbcLink::read(const AlertId& id) {
    reading_.erase(id);
    if (read_again_.erase(id) > 0) refresh(id);
}

}  // namespace cbe

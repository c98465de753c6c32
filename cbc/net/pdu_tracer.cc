// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/pdu_tracer.h"

namespace cbc {
namespace {

// Of N50 it is what the HTTP messages carry for the radio network: NGAP, TS 38.413.
pcapng::Dissector dissector_of(Protocol protocol) {
    switch (protocol) {
        case Protocol::kCbsp:
            return {"tcp.port", 48049};
        case Protocol::kSabp:
            return {"sabp"};
        case Protocol::kSbcap:
            return {"sctp.ppi", 24};
        case Protocol::kN50:
            return {"ngap"};
    }
    return {"data"};
}

}  // namespace

bool PduTracer::start(const PeerProfile& peer, std::chrono::seconds length, Done done) {
    if (traces_.size() >= kTracesMax) return false;
    const auto trace =
        traces_.insert(traces_.end(), {peer.name, dissector_of(peer.protocol),
                                       pcapng::file_head(peer.name.value()), std::move(done), nullptr});
    trace->timer = timers_.after(length, [this, trace] { finish(trace); });
    return true;
}

void PduTracer::pdu(const PeerName& peer, PduDirection direction, base::ByteView octets) {
    for (auto trace = traces_.begin(); trace != traces_.end();) {
        const auto one = trace++;
        if (one->peer != peer) continue;
        if (one->file.size() + octets.size() > kOctetsMax)
            finish(one);
        else
            one->file += pcapng::packet(clock_.now(), direction, one->dissector, octets);
    }
}

void PduTracer::finish(std::list<Trace>::iterator trace) {
    const Trace done = std::move(*trace);
    traces_.erase(trace);
    done.done(done.file);
}

void PduTracer::stop() {
    while (!traces_.empty()) finish(traces_.begin());
}

}  // namespace cbc

package dev.plaudit.gateway;

import dev.plaudit.gateway.jobs.Dispatcher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** How the posts of jobs travel here. */
class Transport {
    @Produces
    @ApplicationScoped
    Dispatcher dispatcher(GatewayConfig config, LocalDispatcher local, BrokerDispatcher kafka, SinkDispatcher sink) {
        if (config.kafka()) {
            return kafka;
        }
        return config.sink().isPresent() ? sink : local;
    }
}

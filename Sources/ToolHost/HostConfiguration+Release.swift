extension HostConfiguration {
    /// Releases all plugins from quarantine and forgets the recorded failures of others, so that they are tried again.
    ///
    /// The next ``ToolHost/ToolHost/loadPlugins()`` tries them. This does not load a plugin itself.
    ///
    /// - Throws: ``ToolHostError`` if a file in ``stateDirectory`` or ``cacheDirectory`` cannot be written.
    public func releasePlugins() throws(ToolHostError) {
        if let stateDirectory { try Quarantine(directory: stateDirectory).clear() }
        var cache = PluginCache(directory: cacheDirectory)
        cache.forgetFailures()
        try cache.save()
    }
}
